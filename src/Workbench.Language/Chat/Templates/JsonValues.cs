using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Workbench.Language.Jinja;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Chat.Templates;

/// <summary>
/// Turns JSON into the values that Python's json.loads would make: integers without limit, the last of duplicate keys,
/// surrogates without partners kept. With an origin, every value knows its path.
/// </summary>
internal static class JsonValues
{
    public static Value Convert(JsonElement element, FieldOrigin? origin)
    {
        Recursion.Check();
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var dict = new DictValue { Origin = origin };
                foreach (var property in element.EnumerateObject())
                {
                    var name = Unescape(JsonMarshal.GetRawUtf8PropertyName(property));
                    var field = origin?.Member(name);
                    dict.Set(Text(name, field), Convert(property.Value, field));
                }

                return dict;
            case JsonValueKind.Array:
                var items = new Value[element.GetArrayLength()];
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    items[index] = Convert(item, origin?.Element(index));
                    index++;
                }

                return new ListValue(items) { Origin = origin };
            case JsonValueKind.String:
                return Text(Unescape(JsonMarshal.GetRawUtf8Value(element)[1..^1]), origin);
            case JsonValueKind.Number:
                return Number(JsonMarshal.GetRawUtf8Value(element), origin);
            case JsonValueKind.True or JsonValueKind.False:
                var truth = element.ValueKind == JsonValueKind.True;
                return origin is null ? BoolValue.Of(truth) : new BoolValue(truth) { Origin = origin };
            default:
                return origin is null ? NoneValue.Instance : new NoneValue { Origin = origin };
        }
    }

    /// <summary>A string all of whose characters come from one field.</summary>
    public static StringValue Text(string text, FieldOrigin? origin) =>
        new(text, false, origin is null || text.Length == 0 ? null : [new Segment(text.Length, null, origin)]);

    private static Value Number(ReadOnlySpan<byte> literal, FieldOrigin? origin)
    {
        if (literal.IndexOfAny("eE."u8) >= 0)
        {
            return new FloatValue(double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture)) { Origin = origin };
        }

        if (long.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return origin is null ? IntValue.Of(number) : new IntValue(number) { Origin = origin };
        }

        var digits = literal.Length - (literal[0] == '-' ? 1 : 0);
        return digits > BigIntValue.MaxDigits
            ? throw new PythonError("ValueError", $"Exceeds the limit ({BigIntValue.MaxDigits} digits) for integer string conversion: "
                + $"value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit") { LineIsKnown = true }
            : new BigIntValue(BigInteger.Parse(Encoding.ASCII.GetString(literal), CultureInfo.InvariantCulture)) { Origin = origin };
    }

    // JsonElement.GetString refuses a lone surrogate, which Python keeps.
    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        if (!text.Contains('\\'))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\')
            {
                result.Append(text[index]);
                continue;
            }

            var escape = text[++index];
            if (escape == 'u')
            {
                result.Append((char)int.Parse(text.AsSpan(index + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                index += 4;
            }
            else
            {
                result.Append(escape switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => escape });
            }
        }

        return result.ToString();
    }
}
