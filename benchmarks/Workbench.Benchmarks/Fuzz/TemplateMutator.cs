using System.Text;

namespace Workbench.Benchmarks.Fuzz;

/// <summary>
/// Damages templates: drops, doubles, swaps, cuts and splices characters and words of real ones. The template of a number is
/// always the same, so that whatever a run finds can be made again from its number alone.
/// </summary>
internal sealed class TemplateMutator(IReadOnlyList<string> sources)
{
    private const int MaxLength = 200_000;

    /// <summary>What is worth putting into a template at random: every delimiter, and the words that nest, loop and multiply.</summary>
    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "|", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", ".", ",", ":", "~", "*", "**", "//", "%", "==",
        "<", " in ", " is ", " not ", " if ", " else ", "{% if x %}", "{% endif %}", "{% for m in messages %}", "{% for m in messages recursive %}",
        "{% endfor %}", "{% set x = ", "loop", "loop(", "loop.previtem", "messages", "m.content", "|tojson", "|length", "|list", "|upper", "[::-1]", "[0]",
        "1e9", "999999999", "0", "none", "true", "{% macro f(a) %}", "{% endmacro %}", "f(", "caller()", "{% call f() %}", "{% endcall %}",
        "namespace(", "ns.x", "range(99999)", "\n", "\r\n", "\t", "é", "😀", "\0", "{% raw %}", "{% endraw %}", "{% break %}", "{% continue %}", ".split()",
        ".items()", "|map('upper')", "|join", "|batch(9)", "|indent(9)", "%s", "'%99d'|format(1)", "{% generation %}", "{% endgeneration %}",
        "{% filter upper %}", "{% endfilter %}", "{% set x %}", "{% endset %}", "{% autoescape true %}", "{% endautoescape %}", "|safe", "|e",
    ];

    /// <summary>The damaged template of that number.</summary>
    public string Mutate(int seed, int number)
    {
        var random = new Random(HashCode(seed, number));
        var text = new StringBuilder(sources[random.Next(sources.Count)]);
        // One or two wounds often leave a template that still parses, and so reach what lies behind the parser.
        for (var hits = random.Next(3) == 0 ? random.Next(2, 6) : 1; hits > 0; hits--)
        {
            Damage(text, random);
        }

        return text.Length > MaxLength ? text.ToString(0, MaxLength) : text.ToString();
    }

    // System.HashCode differs from run to run.
    private static int HashCode(int seed, int number) => unchecked((seed * 486_187_739) + number);

    private void Damage(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length + 1);
        var (start, length) = Word(text, Math.Min(at, Math.Max(0, text.Length - 1)));
        switch (random.Next(12))
        {
            case 0:
                text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at));
                break;
            case 1:
                text.Remove(start, length);
                break;
            case 2:
                text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                break;
            case 3:
                text.Insert(start, text.ToString(start, length));
                break;
            case 4 when at < text.Length:
                text[at] = (char)random.Next(1, 0x180);
                break;
            case 5:
                Swap(text, random, start, length);
                break;
            case 6:
                // A stretch of another template, which may open what it does not close.
                var other = sources[random.Next(sources.Count)];
                var from = random.Next(other.Length + 1);
                text.Insert(at, other.AsSpan(from, Math.Min(random.Next(1, 400), other.Length - from)));
                break;
            case 7:
                var stretch = text.ToString(at, Math.Min(random.Next(1, 60), text.Length - at));
                text.Insert(random.Next(text.Length + 1), string.Concat(Enumerable.Repeat(stretch, random.Next(8) == 0 ? 200 : 1)));
                break;
            case 8 or 9 or 10:
                text.Remove(start, length).Insert(start, WordOf(sources[random.Next(sources.Count)], random));
                break;
            default:
                text.Remove(at, random.Next(4) == 0 ? text.Length - at : 0);
                break;
        }
    }

    private static string WordOf(string source, Random random)
    {
        var text = new StringBuilder(source);
        var (start, length) = Word(text, random.Next(Math.Max(1, text.Length)));
        return text.ToString(start, length);
    }

    private static void Swap(StringBuilder text, Random random, int start, int length)
    {
        var (otherStart, otherLength) = Word(text, random.Next(Math.Max(1, text.Length)));
        if (otherStart < start)
        {
            (start, length, otherStart, otherLength) = (otherStart, otherLength, start, length);
        }

        if (start + length > otherStart)
        {
            return;
        }

        var (first, second) = (text.ToString(start, length), text.ToString(otherStart, otherLength));
        text.Remove(otherStart, otherLength).Insert(otherStart, first);
        text.Remove(start, length).Insert(start, second);
    }

    /// <summary>The word, or the run of other characters, around a position.</summary>
    private static (int Start, int Length) Word(StringBuilder text, int at)
    {
        if (text.Length == 0)
        {
            return (0, 0);
        }

        var (start, end, isWord) = (at, at + 1, IsWord(text[at]));
        while (start > 0 && IsWord(text[start - 1]) == isWord && at - start < 40)
        {
            start--;
        }

        while (end < text.Length && IsWord(text[end]) == isWord && end - at < 40)
        {
            end++;
        }

        return (start, end - start);
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_';
}
