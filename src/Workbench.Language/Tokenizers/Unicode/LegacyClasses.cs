using System.Globalization;
using Workbench.Language.Tokenizers.Patterns;

namespace Workbench.Language.Tokenizers.Unicode;

/// <summary>
/// Characters that Hugging Face's components class otherwise than .NET's Unicode 16 does: their tables are of several
/// versions, Unicode 8 among them. Each set holds the differences, read from <c>legacy-classes.txt</c>; they matter for
/// scripts encoded since.
/// </summary>
internal static class LegacyClasses
{
    private static readonly Dictionary<string, CharSet> Sets = Read();

    /// <summary>Differences in what BERT's cleaning takes for a control character.</summary>
    public static CharSet Control { get; } = Sets["control"];

    /// <summary>Differences in what StripAccents takes for a mark.</summary>
    public static CharSet Mark { get; } = Sets["mark"];

    /// <summary>Differences in what BERT takes for a non-spacing mark.</summary>
    public static CharSet NonSpacingMark { get; } = Sets["nonspacing-mark"];

    /// <summary>Differences in what Punctuation takes for punctuation.</summary>
    public static CharSet Punctuation { get; } = Sets["punctuation"];

    /// <summary>Differences in what BertPreTokenizer takes for punctuation.</summary>
    public static CharSet BertPunctuation { get; } = Sets["bert-punctuation"];

    /// <summary>Differences in what Digits takes for a number.</summary>
    public static CharSet Number { get; } = Sets["number"];

    /// <summary>Characters that UnicodeScripts knows no script for.</summary>
    public static CharSet NoScript { get; } = Sets["no-script"];

    private static Dictionary<string, CharSet> Read()
    {
        var sets = new Dictionary<string, CharSet>();
        using var stream = typeof(LegacyClasses).Assembly.GetManifestResourceStream("Unicode.legacy-classes.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                sets[fields[0]] = CharSet.Of(Array.ConvertAll(fields[1..], Range));
            }
        }

        return sets;
    }

    private static (int First, int Last) Range(string field)
    {
        var ends = field.Split('-');
        return (int.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            int.Parse(ends[^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
