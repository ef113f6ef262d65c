namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>A fixed text (<c>{"String": …}</c>).</summary>
internal sealed class LiteralPattern(string literal) : TextPattern
{
    public string Literal { get; } = literal;

    public override bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        var at = text[from..].IndexOf(Literal, StringComparison.Ordinal);
        start = from + at;
        end = start + Literal.Length;
        return at >= 0;
    }
}
