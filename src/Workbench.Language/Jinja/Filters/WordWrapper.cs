using System.Text.RegularExpressions;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>Python's textwrap.wrap without tab expansion and white space replacement, as <c>wordwrap</c> calls it.</summary>
internal sealed partial class WordWrapper(RenderContext context, double width, bool isReal, bool breakLong, bool onHyphens)
{
    /// <summary>Steps that finding a word is worth: the pattern looks around at every character.</summary>
    private const int StepsOfWord = 8;

    public List<StringValue> Wrap(StringValue text)
    {
        var chunks = new Queue<Chunk>(Chunks(text));
        var lines = new List<StringValue>();
        while (chunks.Count > 0)
        {
            context.Charge(1);
            if (lines.Count > 0 && chunks.Peek().IsBlank)
            {
                chunks.Dequeue();
            }

            var line = new List<StringValue>();
            var length = 0;
            while (chunks.TryPeek(out var next) && length + next.CodePoints <= width)
            {
                length += next.CodePoints;
                line.Add(chunks.Dequeue().TakeAll());
            }

            if (chunks.TryPeek(out var tooLong) && tooLong.CodePoints > width)
            {
                BreakChunk(chunks, line, width - length);
            }

            if (line.Count > 0 && IsBlank(line[^1].Text))
            {
                line.RemoveAt(line.Count - 1);
            }

            if (line.Count > 0)
            {
                lines.Add(StringOperations.Join(context, StringValue.Empty, line));
            }
        }

        return lines;
    }

    private void BreakChunk(Queue<Chunk> chunks, List<StringValue> line, double room)
    {
        if (breakLong)
        {
            if (isReal && width >= 1)
            {
                throw PythonError.TypeError("slice indices must be integers or None or have an __index__ method");
            }

            line.Add(chunks.Peek().Take((int)Math.Clamp(room, 1, int.MaxValue), onHyphens));
        }
        else if (line.Count == 0)
        {
            line.Add(chunks.Dequeue().TakeAll());
        }
    }

    private List<Chunk> Chunks(StringValue text)
    {
        var chunks = new List<Chunk>();
        var start = 0;
        void Add(int end)
        {
            if (end > start)
            {
                chunks.Add(new Chunk(text, start, end));
            }

            start = end;
        }

        try
        {
            var pattern = onHyphens ? WordSeparator() : Whitespace();
            for (var match = pattern.Match(text.Text); match.Success; match = match.NextMatch())
            {
                context.Charge(StepsOfWord + match.Length);
                Add(match.Index);
                Add(match.Index + match.Length);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            throw PythonError.Limit("wordwrap took too long to find the words; shorten the text or turn break_on_hyphens off");
        }

        Add(text.Text.Length);
        return chunks;
    }

    private static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!PythonCharacters.IsSpace(character))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>White space, an em-dash between words, or a word up to where it may be broken (textwrap's wordsep_re).</summary>
    [GeneratedRegex(
        @"[\t\n\v\f\r ]+|(?<=[\w!""'&.,?])-{2,}(?=\w)|[^\t\n\v\f\r ]+?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[\w!""'&.,?]-))(?=[^\d\W]-?[^\d\W])|(?=[\t\n\v\f\r ]|\z)|(?<=[\w!""'&.,?])(?=-{2,}\w))",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordSeparator();

    [GeneratedRegex(@"[\t\n\v\f\r ]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whitespace();

    /// <summary>A word or a run of white space, taken from its front piece by piece where it is too long for a line.</summary>
    private sealed class Chunk(StringValue text, int start, int end)
    {
        private int start = start;

        public int CodePoints { get; private set; } = StringValue.CountCodePoints(text.Text.AsSpan(start, end - start));

        public bool IsBlank => WordWrapper.IsBlank(text.Text.AsSpan(start, end - start));

        public StringValue TakeAll() => TakeTo(end);

        /// <summary>So many code points, or less where a hyphen within them, with something but hyphens before it, is the better place.</summary>
        public StringValue Take(int count, bool onHyphens)
        {
            if (count >= CodePoints)
            {
                return TakeAll();
            }

            var cut = start;
            for (var taken = 0; taken < count; taken++)
            {
                cut += char.IsHighSurrogate(text.Text[cut]) && cut + 1 < end && char.IsLowSurrogate(text.Text[cut + 1]) ? 2 : 1;
            }

            if (onHyphens)
            {
                var hyphen = text.Text.AsSpan(start, cut - start).LastIndexOf('-');
                cut = hyphen > 0 && text.Text.AsSpan(start, hyphen).ContainsAnyExcept('-') ? start + hyphen + 1 : cut;
            }

            return TakeTo(cut);
        }

        private StringValue TakeTo(int to)
        {
            var piece = text.Slice(start, to - start);
            CodePoints -= piece.CodePoints;
            start = to;
            return piece;
        }
    }
}
