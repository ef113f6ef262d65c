using System.Text.RegularExpressions;

namespace Workbench.Data.Rewards.Instructions;

/// <summary>IFEval's instructions about sentences, words and paragraphs.</summary>
internal static partial class LengthInstructions
{
    public static bool Words(string answer, InstructionArguments arguments) => arguments.Holds(WordRun().Count(answer), "relation", "num_words");

    public static bool Sentences(string answer, InstructionArguments arguments) => arguments.Holds(CountSentences(answer), "relation", "num_sentences");

    /// <summary>Paragraphs stand between lines of three asterisks.</summary>
    public static bool Paragraphs(string answer, InstructionArguments arguments)
    {
        var parts = ThreeAsterisks().Split(answer);
        var empty = parts.Select((part, i) => (Empty: string.IsNullOrWhiteSpace(part), Edge: i == 0 || i == parts.Length - 1)).Where(part => part.Empty).ToArray();
        return Array.TrueForAll(empty, part => part.Edge) && parts.Length - empty.Length == arguments.Number("num_paragraphs");
    }

    /// <summary>So many paragraphs between blank lines, one of which begins with a certain word.</summary>
    public static bool NthParagraphFirstWord(string answer, InstructionArguments arguments)
    {
        var parts = BlankLine().Split(answer);
        var count = parts.Count(part => !string.IsNullOrWhiteSpace(part));
        var nth = arguments.Number("nth_paragraph");
        if (nth < 1 || nth > count || string.IsNullOrWhiteSpace(parts[nth - 1]))
        {
            return false;
        }

        var word = parts[nth - 1].Trim().Split((char[]?)null)[0].TrimStart('\'').TrimStart('"');
        var end = word.IndexOfAny(['.', ',', '?', '!', '\'', '"']);
        return count == arguments.Number("num_paragraphs")
            && string.Equals(end < 0 ? word : word[..end], arguments.Text("first_word"), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Ends are marks followed by white space and what may begin a sentence; not after a title or a single letter, as in "Dr. A. Smith".
    /// </summary>
    internal static int CountSentences(string text)
    {
        var count = 0;
        var open = false;
        for (var i = 0; i < text.Length; i++)
        {
            open |= char.IsLetterOrDigit(text[i]);
            if (open && text[i] is '.' or '!' or '?' or '。' or '！' or '？' && EndsSentence(text, i))
            {
                count++;
                open = false;
            }
        }

        return count + (open ? 1 : 0);
    }

    private static bool EndsSentence(string text, int mark)
    {
        if (text[mark] is '。' or '！' or '？')
        {
            return true;
        }

        var next = mark + 1;
        while (next < text.Length && text[next] is '.' or '!' or '?' or '"' or '\'' or ')' or ']' or '”' or '’' or '*')
        {
            next++;
        }

        if (next >= text.Length)
        {
            return true;
        }

        var begin = next;
        while (begin < text.Length && char.IsWhiteSpace(text[begin]))
        {
            begin++;
        }

        return begin > next && (begin == text.Length || !char.IsLower(text[begin])) && (text[mark] != '.' || !Abbreviation().IsMatch(text.AsSpan(0, mark)));
    }

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant)]
    private static partial Regex WordRun();

    [GeneratedRegex(@"\s?\*\*\*\s?", RegexOptions.CultureInvariant)]
    private static partial Regex ThreeAsterisks();

    [GeneratedRegex(@"\n\n", RegexOptions.CultureInvariant)]
    private static partial Regex BlankLine();

    [GeneratedRegex(@"(?:^|[\s(""'])(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|e\.g|i\.e|No|Fig|U\.S|\p{Lu})$", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex Abbreviation();
}
