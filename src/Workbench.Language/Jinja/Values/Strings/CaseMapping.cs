using System.Text;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>Full case conversion as Python's str does it: ß becomes SS, a final Σ becomes ς.</summary>
internal static class CaseMapping
{
    public static StringValue Upper(RenderContext context, StringValue value) =>
        Map(context, value, static (_, _, codePoint) => ToUpper(codePoint));

    public static StringValue Lower(RenderContext context, StringValue value) =>
        Map(context, value, static (text, start, codePoint) => ToLower(text, start, codePoint));

    public static StringValue Fold(RenderContext context, StringValue value) => Map(context, value, static (_, _, codePoint) =>
        SpecialCasing.Fold.TryGetValue(codePoint, out var folded) ? folded : ToLower("", 0, codePoint));

    public static StringValue Capitalize(RenderContext context, StringValue value) => Map(context, value, static (text, start, codePoint) =>
        start == 0 ? ToTitle(codePoint) : ToLower(text, start, codePoint));

    public static StringValue SwapCase(RenderContext context, StringValue value) => Map(context, value, static (text, start, codePoint) =>
        PythonCharacters.IsUpper(codePoint) ? ToLower(text, start, codePoint)
        : PythonCharacters.IsLower(codePoint) ? ToUpper(codePoint) : null);

    /// <summary><c>str.title</c>: a letter after anything uncased begins a word.</summary>
    public static StringValue Title(RenderContext context, StringValue value)
    {
        var inWord = false;
        return Map(context, value, (text, start, codePoint) =>
        {
            var mapped = inWord ? ToLower(text, start, codePoint) : ToTitle(codePoint);
            inWord = PythonCharacters.IsCased(codePoint);
            return mapped;
        });
    }

    /// <summary>Maps every code point; null keeps it.</summary>
    private static StringValue Map(RenderContext context, StringValue value, Func<string, int, int, string?> map)
    {
        var text = context.NewText();
        foreach (var (codePoint, start, length) in PythonCharacters.Enumerate(value.Text))
        {
            if (map(value.Text, start, codePoint) is { } mapped)
            {
                text.Append(mapped, value.OriginAt(start));
            }
            else
            {
                text.Append(value, start, length);
            }
        }

        return context.Finish(text, value.IsMarkup);
    }

    private static string? ToUpper(int codePoint) => SpecialCasing.Upper.TryGetValue(codePoint, out var mapped) ? mapped
        : Rune.TryCreate(codePoint, out var rune) ? Changed(rune, Rune.ToUpperInvariant(rune)) : null;

    private static string? ToTitle(int codePoint) =>
        SpecialCasing.Title.TryGetValue(codePoint, out var mapped) ? mapped : ToUpper(codePoint);

    private static string? ToLower(string text, int start, int codePoint)
    {
        if (codePoint == 0x130)
        {
            return "i\u0307";
        }

        if (codePoint == 0x3A3)
        {
            return IsFinalSigma(text, start) ? "ς" : "σ";
        }

        return Rune.TryCreate(codePoint, out var rune) ? Changed(rune, Rune.ToLowerInvariant(rune)) : null;
    }

    private static string? Changed(Rune before, Rune after) => before == after ? null : after.ToString();

    private static bool IsFinalSigma(string text, int start)
    {
        var before = start - 1;
        while (before >= 0 && PythonCharacters.IsCaseIgnorable(text[before]))
        {
            before--;
        }

        if (before < 0 || !PythonCharacters.IsCased(text[before]))
        {
            return false;
        }

        var after = start + 1;
        while (after < text.Length && PythonCharacters.IsCaseIgnorable(text[after]))
        {
            after++;
        }

        return after >= text.Length || !PythonCharacters.IsCased(text[after]);
    }
}
