namespace Workbench.Language.Jinja.Values;

/// <summary>A place in the template's source; line and column are 1-based.</summary>
internal sealed record TemplatePosition(int Line, int Column);

/// <summary>The input that a value is: a field of a message, or (without message) a path below a template variable.</summary>
internal sealed class FieldOrigin(int? messageIndex, string field)
{
    public int? MessageIndex { get; } = messageIndex;

    public string Field { get; } = field;

    public FieldOrigin Member(string name) => new(MessageIndex, Field.Length == 0 ? name : Field + "." + name);

    public FieldOrigin Element(int index) => new(MessageIndex, $"{Field}[{index}]");
}

/// <summary>
/// A run of characters with one origin. Strings carry an array of these only while a source map is recorded; the template
/// position stays null until something in the template writes the run.
/// </summary>
internal readonly record struct Segment(int Length, TemplatePosition? Position, FieldOrigin? Field)
{
    public bool SameOrigin(in Segment other) => ReferenceEquals(Position, other.Position) && ReferenceEquals(Field, other.Field);
}
