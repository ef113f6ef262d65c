using System.Globalization;
using System.Text;

namespace Workbench.Web.Services.Rows;

/// <summary>
/// Text as SQLite's FTS5 indexes it: words as they are; of scripts that write no spaces (Chinese, Japanese kana, Thai …) each pair of
/// neighbouring characters, as search engines do (Lucene's CJKAnalyzer), and the last one alone.
/// </summary>
public static class SearchWords
{
    /// <summary>The words to index, with spaces between.</summary>
    public static string ToIndex(string text)
    {
        var words = new StringBuilder(text.Length + 16);
        foreach (var (run, spaceless) in Runs(text))
        {
            if (!spaceless)
            {
                words.Append(run).Append(' ');
                continue;
            }

            var characters = Characters(run);
            for (var i = 0; i < characters.Count; i++)
            {
                words.Append(characters[i]).Append(i + 1 < characters.Count ? characters[i + 1] : "").Append(' ');
            }
        }

        return words.ToString();
    }

    /// <summary>
    /// What a user typed as FTS5's query language: every word must be there, by its beginning; words between quotation marks, and runs of
    /// characters without spaces, must follow each other. Null where nothing can be looked for.
    /// </summary>
    public static string? ToQuery(string typed)
    {
        var terms = new List<string>();
        var parts = typed.Split('"');
        for (var i = 0; i < parts.Length; i++)
        {
            var quoted = i % 2 == 1 && i + 1 < parts.Length; // a mark that is never closed marks nothing
            List<string> phrase = [];
            foreach (var (run, spaceless) in Runs(parts[i]))
            {
                var characters = spaceless ? Characters(run) : [];
                List<string> words = !spaceless ? [run] : characters.Count == 1 ? [run] : [.. characters.Zip(characters.Skip(1), (a, b) => a + b)];
                if (quoted)
                {
                    phrase.AddRange(words);
                }
                else
                {
                    terms.Add(Phrase(words) + (characters.Count > 1 ? "" : "*"));
                }
            }

            if (phrase.Count > 0)
            {
                terms.Add(Phrase(phrase));
            }
        }

        return terms.Count == 0 ? null : string.Join(" AND ", terms);
    }

    private static string Phrase(IEnumerable<string> words) => $"\"{string.Join(' ', words)}\"";

    /// <summary>Runs of letters and digits, each of one kind.</summary>
    private static IEnumerable<(string Run, bool Spaceless)> Runs(string text)
    {
        var run = new StringBuilder();
        var spaceless = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isWord = Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            var kind = IsSpaceless(rune.Value);
            if (run.Length > 0 && (!isWord || kind != spaceless))
            {
                yield return (run.ToString(), spaceless);
                run.Clear();
            }

            if (isWord)
            {
                run.Append(rune.ToString());
                spaceless = kind;
            }
        }

        if (run.Length > 0)
        {
            yield return (run.ToString(), spaceless);
        }
    }

    private static List<string> Characters(string run) => [.. run.EnumerateRunes().Select(rune => rune.ToString())];

    /// <summary>Thai, Lao, Myanmar, Khmer, kana, bopomofo and Han.</summary>
    private static bool IsSpaceless(int code) => code is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x3040 and <= 0x312F) or (>= 0x31A0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
