using System.Text.RegularExpressions;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary><c>indent</c>, <c>truncate</c> and <c>wordwrap</c>.</summary>
internal static partial class LayoutFilters
{
    public static Value Indent(RenderContext context, Value?[] a)
    {
        var indention = a[1] switch
        {
            null => new StringValue("    "),
            StringValue text => text,
            var width => (StringValue)Operators.Multiply(context, new StringValue(" "), width),
        };
        var value = TextToIndent(a[0]!);
        indention = value.IsMarkup ? indention.AsMarkup() : indention;
        var blank = a[3]?.IsTrue == true;
        var lines = StringSplitting.SplitLines(context, value, keepEnds: false).Items;
        var ended = value.Text.Length > 0 && !PythonCharacters.IsLineBreak(value.Text[^1]);
        var count = lines.Length + (ended ? 0 : 1);
        var output = context.NewText();
        for (var index = 0; index < count; index++)
        {
            var line = index < lines.Length ? (StringValue)lines[index] : StringValue.Empty;
            output.Append(index > 0 ? "\n" : "");
            if (index == 0 ? a[2]?.IsTrue == true : blank || line.Text.Length > 0)
            {
                output.Append(indention);
            }

            output.Append(line);
        }

        return context.Finish(output, value.IsMarkup);
    }

    public static Value Truncate(RenderContext context, Value?[] a)
    {
        var length = a[1] ?? IntValue.Of(255);
        var end = a[3] ?? new StringValue("...");
        var leeway = a[4] is null or NoneValue ? IntValue.Of(5) : a[4]!;
        var endLength = ItemFilters.Length(context, end);
        if (!Comparison.Evaluate(context, ComparisonOperator.GreaterOrEqual, length, endLength))
        {
            throw new PythonError("AssertionError", $"expected length >= {endLength.Repr()}, got {length.ToStr(context).Text}");
        }

        if (!Comparison.Evaluate(context, ComparisonOperator.GreaterOrEqual, leeway, IntValue.Of(0)))
        {
            throw new PythonError("AssertionError", $"expected leeway >= 0, got {leeway.ToStr(context).Text}");
        }

        var most = Operators.Add(context, length, leeway);
        if (Comparison.Evaluate(context, ComparisonOperator.LessOrEqual, ItemFilters.Length(context, a[0]!), most))
        {
            return a[0]!;
        }

        if (a[0] is not StringValue value)
        {
            throw PythonError.TypeError($"'{a[0]!.TypeName}' object is not subscriptable");
        }

        var kept = StringOperations.Slice(
            context, value, new SliceValue(NoneValue.Instance, Operators.Subtract(length, endLength), NoneValue.Instance));
        if (a[2]?.IsTrue != true)
        {
            var space = kept.Text.LastIndexOf(' ');
            kept = space < 0 ? kept : kept.Slice(0, space);
        }

        return Operators.Add(context, kept, end);
    }

    public static Value WordWrap(RenderContext context, Value?[] a)
    {
        if (a[3] is not (null or NoneValue or StringValue))
        {
            throw Access.NoAttribute(a[3]!, "join");
        }

        if (a[0] is not StringValue value)
        {
            throw Access.NoAttribute(a[0]!, "splitlines");
        }

        if (value.Text.Length > 0 && a[1] is not null)
        {
            if (Comparison.Evaluate(context, ComparisonOperator.LessOrEqual, a[1]!, IntValue.Of(0)))
            {
                throw PythonError.ValueError($"invalid width {a[1]!.ToStr(context).Text} (must be > 0)");
            }
        }

        var width = a[1] is not null && Numbers.TryDouble(a[1]!, out var given) ? given : 79;
        var breakLong = a[2]?.IsTrue != false;
        var separator = a[3] as StringValue ?? new StringValue("\n");
        var lines = new List<StringValue>();
        foreach (var paragraph in StringSplitting.SplitLines(context, value, keepEnds: false).Items)
        {
            var wrapped = Wrap(context, ((StringValue)paragraph).Plain(), width, breakLong, onHyphens: a[4]?.IsTrue != false);
            lines.Add(StringOperations.Join(context, separator.Plain(), wrapped));
        }

        return StringOperations.Join(context, separator.Plain(), lines);
    }

    private static StringValue TextToIndent(Value value) => value switch
    {
        StringValue text => text,
        UndefinedValue undefined => throw undefined.Fail(),
        TupleValue => throw PythonError.TypeError("can only concatenate tuple (not \"str\") to tuple"),
        ListValue => throw Access.NoAttribute(value, "splitlines"),
        _ => throw PythonError.TypeError($"unsupported operand type(s) for +=: '{value.TypeName}' and 'str'"),
    };

    /// <summary>Python's textwrap.wrap without tab expansion and white space replacement.</summary>
    private static List<StringValue> Wrap(RenderContext context, StringValue text, double width, bool breakLong, bool onHyphens)
    {
        var chunks = new LinkedList<StringValue>(Chunks(text, onHyphens));
        var lines = new List<StringValue>();
        while (chunks.First is not null)
        {
            context.Charge(1);
            if (lines.Count > 0 && IsBlank(chunks.First.Value))
            {
                chunks.RemoveFirst();
            }

            var line = new List<StringValue>();
            var length = 0;
            while (chunks.First is { } next && length + next.Value.CodePoints <= width)
            {
                line.Add(next.Value);
                length += next.Value.CodePoints;
                chunks.RemoveFirst();
            }

            if (chunks.First is { } tooLong && tooLong.Value.CodePoints > width)
            {
                BreakChunk(chunks, line, width - length, breakLong, onHyphens);
            }

            if (line.Count > 0 && IsBlank(line[^1]))
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

    private static void BreakChunk(LinkedList<StringValue> chunks, List<StringValue> line, double room, bool breakLong, bool onHyphens)
    {
        var chunk = chunks.First!.Value;
        if (breakLong)
        {
            var end = (int)Math.Clamp(room, 1, int.MaxValue);
            if (onHyphens && chunk.CodePoints > end)
            {
                // A hyphen within the room, with something but hyphens before it, is the better place.
                var cut = chunk.Utf16Index(end);
                var hyphen = chunk.Text.LastIndexOf('-', cut - 1, cut);
                end = hyphen > 0 && chunk.Text.AsSpan(0, hyphen).ContainsAnyExcept('-') ? chunk.CodePointIndex(hyphen) + 1 : end;
            }

            var split = chunk.Utf16Index(Math.Min(end, chunk.CodePoints));
            line.Add(chunk.Slice(0, split));
            chunks.First.Value = chunk.Slice(split, chunk.Text.Length - split);
        }
        else if (line.Count == 0)
        {
            line.Add(chunk);
            chunks.RemoveFirst();
        }
    }

    private static IEnumerable<StringValue> Chunks(StringValue text, bool onHyphens)
    {
        var start = 0;
        MatchCollection matches;
        try
        {
            matches = (onHyphens ? WordSeparator() : Whitespace()).Matches(text.Text);
            _ = matches.Count;
        }
        catch (RegexMatchTimeoutException)
        {
            throw PythonError.Limit("wordwrap took too long to find the words; shorten the text or turn break_on_hyphens off");
        }

        foreach (Match match in matches)
        {
            if (match.Index > start)
            {
                yield return text.Slice(start, match.Index - start);
            }

            if (match.Length > 0)
            {
                yield return text.Slice(match.Index, match.Length);
            }

            start = match.Index + match.Length;
        }

        if (start < text.Text.Length)
        {
            yield return text.Slice(start, text.Text.Length - start);
        }
    }

    private static bool IsBlank(StringValue text) => text.Text.All(PythonCharacters.IsSpace);

    /// <summary>White space, an em-dash between words, or a word up to where it may be broken (textwrap's wordsep_re).</summary>
    [GeneratedRegex(
        @"[\t\n\v\f\r ]+|(?<=[\w!""'&.,?])-{2,}(?=\w)|[^\t\n\v\f\r ]+?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[\w!""'&.,?]-))(?=[^\d\W]-?[^\d\W])|(?=[\t\n\v\f\r ]|\z)|(?<=[\w!""'&.,?])(?=-{2,}\w))",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordSeparator();

    [GeneratedRegex(@"[\t\n\v\f\r ]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whitespace();
}
