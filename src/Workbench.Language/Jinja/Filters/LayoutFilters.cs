using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary><c>indent</c>, <c>truncate</c> and <c>wordwrap</c>.</summary>
internal static class LayoutFilters
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
            context, value, new SliceValue(NoneValue.Instance, Operators.Subtract(context, length, endLength), NoneValue.Instance));
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
        var wrapper = new WordWrapper(context, width, isReal: a[1] is FloatValue, breakLong: a[2]?.IsTrue != false, onHyphens: a[4]?.IsTrue != false);
        var separator = a[3] as StringValue ?? new StringValue("\n");
        var lines = new List<StringValue>();
        foreach (var paragraph in StringSplitting.SplitLines(context, value, keepEnds: false).Items)
        {
            lines.Add(StringOperations.Join(context, separator.Plain(), wrapper.Wrap(((StringValue)paragraph).Plain())));
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
}
