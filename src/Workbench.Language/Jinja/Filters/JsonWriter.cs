using System.Buffers;
using System.Globalization;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>
/// The <c>tojson</c> filter that transformers installs: Python's <c>json.dumps</c>, by default without ASCII escapes and
/// without sorting. Numbers and punctuation carry the provenance of the value they belong to.
/// </summary>
internal sealed class JsonWriter
{
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    private static readonly SearchValues<char> PlainAscii =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x60).Select(code => (char)code).Where(character => character is not ('"' or '\\'))]);

    private static readonly StringValue Comma = new(",");
    private static readonly StringValue CommaSpace = new(", ");
    private static readonly StringValue ColonSpace = new(": ");

    private readonly RenderContext context;
    private readonly TextBuilder output;
    private readonly bool ascii;
    private readonly bool sort;
    private readonly StringValue? indent;
    private readonly StringValue itemSeparator;
    private readonly StringValue keySeparator;
    private int depth;

    private JsonWriter(RenderContext context, Value?[] a)
    {
        this.context = context;
        output = context.NewText();
        ascii = a[1]?.IsTrue == true;
        (itemSeparator, keySeparator) = Separators(a[3], isIndented: a[2] is not (null or NoneValue));
        indent = a[2] switch
        {
            null or NoneValue => null,
            StringValue text => text,
            _ when a[0] is StringValue => StringValue.Empty,
            var width => StringOperations.Repeat(context, new StringValue(" "), Width(width)),
        };
        sort = a[4]?.IsTrue == true;
    }

    public static Value ToJson(RenderContext context, Value?[] a)
    {
        var writer = new JsonWriter(context, a);
        writer.Write(a[0]!, a[0]!.Origin);
        return context.Finish(writer.output);
    }

    private static long Width(Value width) => width switch
    {
        _ when Numbers.TryIndex(width, out var count) => count,
        UndefinedValue undefined => throw undefined.Fail(),
        _ => throw PythonError.TypeError($"can't multiply sequence by non-int of type '{width.TypeName}'"),
    };

    private (StringValue Item, StringValue Key) Separators(Value? separators, bool isIndented)
    {
        if (separators is null or NoneValue)
        {
            return (isIndented ? Comma : CommaSpace, ColonSpace);
        }

        if (separators.Iterate(context) is null)
        {
            throw PythonError.TypeError($"cannot unpack non-iterable {separators.TypeName} object");
        }

        var pair = Sequences.ToList(context, separators);
        if (pair.Length != 2)
        {
            throw PythonError.ValueError(pair.Length > 2
                ? "too many values to unpack (expected 2)"
                : $"not enough values to unpack (expected 2, got {pair.Length})");
        }

        return pair[0] is StringValue item && pair[1] is StringValue key
            ? (item, key)
            : throw PythonError.TypeError($"make_encoder() argument {(pair[0] is StringValue ? 5 : 6)} must be str, not {Values.Convert.Named(pair[0] is StringValue ? pair[1] : pair[0])}");
    }

    private void Write(Value value, FieldOrigin? origin)
    {
        switch (value)
        {
            case StringValue text:
                WriteString(text);
                break;
            case NoneValue:
                output.Append("null", value.Origin ?? origin);
                break;
            case BoolValue boolean:
                output.Append(boolean.Value ? "true" : "false", value.Origin ?? origin);
                break;
            case IntValue or BigIntValue:
                value.WriteRepr(output);
                break;
            case FloatValue real:
                output.Append(FloatText(real.Value), value.Origin ?? origin);
                break;
            case SequenceValue sequence:
                WriteList(sequence);
                break;
            case DictValue dict:
                WriteDict(dict);
                break;
            default:
                throw PythonError.TypeError($"Object of type {value.TypeName} is not JSON serializable");
        }
    }

    private static string FloatText(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "Infinity" : "-Infinity" : FloatFormat.Repr(value);

    private void WriteList(SequenceValue list)
    {
        if (list.Items.Length == 0)
        {
            output.Append("[]", list.Origin);
            return;
        }

        Open("[", list.Origin);
        for (var index = 0; index < list.Items.Length; index++)
        {
            Separate(index, list.Origin);
            Write(list.Items[index], list.Origin);
        }

        Close("]", list.Origin);
    }

    private void WriteDict(DictValue dict)
    {
        if (dict.Count == 0)
        {
            output.Append("{}", dict.Origin);
            return;
        }

        Open("{", dict.Origin);
        var entries = dict.Entries.ToArray();
        if (sort)
        {
            var order = new Value?[] { new ListValue([.. entries.Select(entry => (Value)new TupleValue([entry.Key, entry.Value]))]), null, BoolValue.True, IntValue.Of(0) };
            entries = [.. ((ListValue)OrderFilters.Sort(context, order)).Items
                .Select(item => new KeyValuePair<Value, Value>(((TupleValue)item).Items[0], ((TupleValue)item).Items[1]))];
        }

        for (var index = 0; index < entries.Length; index++)
        {
            Separate(index, dict.Origin);
            WriteKey(entries[index].Key, dict.Origin);
            Append(keySeparator, dict.Origin);
            Write(entries[index].Value, dict.Origin);
        }

        Close("}", dict.Origin);
    }

    private void WriteKey(Value key, FieldOrigin? origin)
    {
        switch (key)
        {
            case StringValue text:
                WriteString(text);
                break;
            case NoneValue or BoolValue or IntValue or BigIntValue or FloatValue:
                output.Append("\"", origin);
                Write(key, origin);
                output.Append("\"", origin);
                break;
            default:
                throw PythonError.TypeError($"keys must be str, int, float, bool or None, not {key.TypeName}");
        }
    }

    private void WriteString(StringValue value)
    {
        var text = value.Text;
        var quote = text.Length == 0 ? default : value.OriginAt(0);
        output.Append("\"", quote);
        var plain = 0;
        while (NextEscaped(text.AsSpan(plain)) is var run and >= 0)
        {
            var index = plain + run;
            output.Append(value, plain, run);
            output.Append(Escape(text[index]), value.OriginAt(index));
            plain = index + 1;
        }

        output.Append(value, plain, text.Length - plain);
        output.Append("\"", quote);
    }

    private int NextEscaped(ReadOnlySpan<char> text) => ascii ? text.IndexOfAnyExcept(PlainAscii) : text.IndexOfAny(Escaped);

    private static string Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        _ => "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture),
    };

    private void Open(string bracket, FieldOrigin? origin)
    {
        Recursion.Check();
        context.Charge(1);
        output.Append(bracket, origin);
        depth++;
        NewLine(origin);
    }

    private void Separate(int index, FieldOrigin? origin)
    {
        context.Charge(1);
        if (index > 0)
        {
            Append(itemSeparator, origin);
            NewLine(origin);
        }
    }

    private void Close(string bracket, FieldOrigin? origin)
    {
        depth--;
        NewLine(origin);
        output.Append(bracket, origin);
    }

    private void NewLine(FieldOrigin? origin)
    {
        if (indent is null)
        {
            return;
        }

        output.Append("\n", origin);
        for (var level = 0; level < depth; level++)
        {
            Append(indent, origin);
        }
    }

    private void Append(StringValue text, FieldOrigin? origin)
    {
        if (text.Segments is null)
        {
            output.Append(text.Text, origin);
        }
        else
        {
            output.Append(text);
        }
    }
}
