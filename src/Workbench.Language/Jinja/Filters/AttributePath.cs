using System.Globalization;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>The <c>attribute</c> argument of filters: a dotted path, its numbers being indices.</summary>
internal sealed class AttributePath
{
    private readonly Value[] parts;

    private AttributePath(Value[] parts) => this.parts = parts;

    public static AttributePath Parse(Value? attribute) => attribute switch
    {
        null or NoneValue => new AttributePath([]),
        StringValue text => new AttributePath([.. text.Text.Split('.').Select(Part)]),
        _ => new AttributePath([attribute]),
    };

    /// <summary>Several paths, separated by commas, as <c>sort</c> takes them.</summary>
    public static AttributePath[] ParseMany(Value? attribute) =>
        attribute is StringValue text ? [.. text.Text.Split(',').Select(part => Parse(new StringValue(part)))] : [Parse(attribute)];

    /// <summary>The value at the path; <paramref name="fallback"/> takes the place of what is undefined on the way.</summary>
    public Value Read(RenderContext context, Value item, Value? fallback = null)
    {
        foreach (var part in parts)
        {
            item = Access.Item(context, item, part);
            if (fallback is not null and not NoneValue && item is UndefinedValue)
            {
                item = fallback;
            }
        }

        return item;
    }

    /// <summary>Strings in lower case, for comparisons that ignore it.</summary>
    public static Value IgnoreCase(RenderContext context, Value value) =>
        value is StringValue text ? CaseMapping.Lower(context, text) : value;

    private static Value Part(string part) => PythonCharacters.All(part, PythonCharacters.IsDigit)
        ? long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? IntValue.Of(index) : new StringValue(part)
        : new StringValue(part);
}
