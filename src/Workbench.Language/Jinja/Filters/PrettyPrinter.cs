using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>The <c>pprint</c> filter: Python's pprint.pformat at 80 columns, dict keys in order.</summary>
internal sealed class PrettyPrinter(RenderContext context)
{
    private const int Width = 80;

    private readonly TextBuilder output = context.NewText();

    public static Value Print(RenderContext context, Value value)
    {
        var printer = new PrettyPrinter(context);
        printer.Format(value, 0, 0, 1);
        return context.Finish(printer.output);
    }

    private void Format(Value value, int indent, int allowance, int level)
    {
        Recursion.Check();
        context.Charge(1);
        var flat = Flat(value);
        if (flat.CodePoints <= Width - indent - allowance)
        {
            output.Append(flat);
            return;
        }

        switch (value)
        {
            case DictValue { Count: > 0 } dict:
                output.Append('{');
                FormatEntries(dict, indent, allowance + 1, level);
                output.Append('}');
                break;
            case ListValue { Items.Length: > 0 } list:
                output.Append('[');
                FormatItems(list.Items, indent, allowance + 1, level);
                output.Append(']');
                break;
            case TupleValue { Items.Length: > 0 } tuple:
                var close = tuple.Items.Length == 1 ? ",)" : ")";
                output.Append('(');
                FormatItems(tuple.Items, indent, allowance + close.Length, level);
                output.Append(close);
                break;
            case StringValue { IsMarkup: false, Text.Length: > 0 } text:
                FormatText(text, indent, allowance, level);
                break;
            default:
                output.Append(flat);
                break;
        }
    }

    private void FormatEntries(DictValue dict, int indent, int allowance, int level)
    {
        var entries = Ordered(dict);
        for (var index = 0; index < entries.Count; index++)
        {
            var last = index == entries.Count - 1;
            var key = Flat(entries[index].Key);
            output.Append(key);
            output.Append(": ");
            Format(entries[index].Value, indent + 1 + key.CodePoints + 2, last ? allowance : 1, level + 1);
            if (!last)
            {
                output.Append(",\n" + new string(' ', indent + 1));
            }
        }
    }

    private void FormatItems(Value[] items, int indent, int allowance, int level)
    {
        for (var index = 0; index < items.Length; index++)
        {
            var last = index == items.Length - 1;
            Format(items[index], indent + 1, last ? allowance : 1, level + 1);
            if (!last)
            {
                output.Append(",\n" + new string(' ', indent + 1));
            }
        }
    }

    private void FormatText(StringValue text, int indent, int allowance, int level)
    {
        if (level == 1)
        {
            indent++;
            allowance++;
        }

        var chunks = TextChunks(text, indent, allowance);
        if (chunks.Count == 1)
        {
            output.Append(chunks[0]);
            return;
        }

        output.Append(level == 1 ? "(" : "");
        for (var index = 0; index < chunks.Count; index++)
        {
            output.Append(index > 0 ? "\n" + new string(' ', indent) : "");
            output.Append(chunks[index]);
        }

        output.Append(level == 1 ? ")" : "");
    }

    private List<StringValue> TextChunks(StringValue text, int indent, int allowance)
    {
        var chunks = new List<StringValue>();
        var lines = StringSplitting.SplitLines(context, text, keepEnds: true).Items;
        var room = Width - indent;
        for (var index = 0; index < lines.Length; index++)
        {
            var line = (StringValue)lines[index];
            var lastLine = index == lines.Length - 1;
            if (Flat(line).CodePoints <= room - (lastLine ? allowance : 0))
            {
                chunks.Add(Flat(line));
                continue;
            }

            AddWords(chunks, line, room, lastLine ? allowance : 0);
        }

        return chunks;
    }

    private void AddWords(List<StringValue> chunks, StringValue line, int room, int allowance)
    {
        var start = 0;
        var end = 0;
        while (end < line.Text.Length)
        {
            var next = end;
            while (next < line.Text.Length && !PythonCharacters.IsSpace(line.Text[next]))
            {
                next++;
            }

            while (next < line.Text.Length && PythonCharacters.IsSpace(line.Text[next]))
            {
                next++;
            }

            var candidate = Flat(line.Slice(start, next - start));
            var limit = room - (next == line.Text.Length ? allowance : 0);
            if (candidate.CodePoints > limit && end > start)
            {
                chunks.Add(Flat(line.Slice(start, end - start)));
                start = end;
            }

            end = next;
        }

        if (end > start)
        {
            chunks.Add(Flat(line.Slice(start, end - start)));
        }
    }

    /// <summary>repr with dict keys in order, all the way down.</summary>
    private StringValue Flat(Value value)
    {
        var text = context.NewText();
        WriteFlat(value, text);
        return context.Finish(text);
    }

    private static void WriteFlat(Value value, TextBuilder text)
    {
        Recursion.Check();
        switch (value)
        {
            case DictValue { Count: > 0 } dict:
                text.Append('{');
                var first = true;
                foreach (var (key, item) in Ordered(dict))
                {
                    text.Append(first ? "" : ", ");
                    WriteFlat(key, text);
                    text.Append(": ");
                    WriteFlat(item, text);
                    first = false;
                }

                text.Append('}');
                break;
            case SequenceValue { Items.Length: > 0 } sequence:
                text.Append(sequence is ListValue ? '[' : '(');
                for (var index = 0; index < sequence.Items.Length; index++)
                {
                    text.Append(index > 0 ? ", " : "");
                    WriteFlat(sequence.Items[index], text);
                }

                text.Append(sequence is ListValue ? "]" : sequence.Items.Length == 1 ? ",)" : ")");
                break;
            default:
                value.WriteRepr(text);
                break;
        }
    }

    // Keys that cannot be compared are ordered by type name, as pprint's safe key does.
    private static List<KeyValuePair<Value, Value>> Ordered(DictValue dict) => [.. dict.Entries.ToArray().Order(
        Comparer<KeyValuePair<Value, Value>>.Create((left, right) =>
        {
            if (left.Key is StringValue != right.Key is StringValue || left.Key is NoneValue || right.Key is NoneValue
                || left.Key is SequenceValue || right.Key is SequenceValue)
            {
                return string.CompareOrdinal($"<class '{left.Key.TypeName}'>", $"<class '{right.Key.TypeName}'>");
            }

            return Comparison.Less(left.Key, right.Key) ? -1 : Comparison.Less(right.Key, left.Key) ? 1 : 0;
        }))];
}
