using System.Numerics;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary><c>format(value, spec)</c>: the mini-language of PEP 3101 for str, int and float.</summary>
internal sealed class FormatSpec
{
    private string fill = " ";
    private char align;
    private char sign = '-';
    private bool alternate;
    private long width;
    private int precision = -1;
    private char separator;
    private char type;

    public static StringValue Apply(RenderContext context, Value value, StringValue spec)
    {
        var complete = spec.Text;
        if (value is not (StringValue or BytesValue) && !Numbers.IsNumber(value))
        {
            return complete.Length == 0
                ? value.ToStr(context)
                : throw PythonError.TypeError($"unsupported format string passed to {value.TypeName}.__format__");
        }

        if (complete.Length == 0)
        {
            return value.ToStr(context);
        }

        var parsed = Parse(complete, value.TypeName, isText: value is StringValue);
        StringOperations.CheckLength(context, parsed.width);
        return value switch
        {
            StringValue text => parsed.FormatText(context, text),
            FloatValue real => parsed.FormatReal(context, real.Value, real),
            ComplexValue => throw PythonError.ValueError("complex numbers cannot be formatted here; format their parts"),
            _ => parsed.FormatInteger(context, value),
        };
    }

    private static FormatSpec Parse(string spec, string typeName, bool isText)
    {
        var parsed = new FormatSpec { align = isText ? '<' : '>' };
        var position = 0;
        var fillLength = spec.Length > 1 && char.IsSurrogatePair(spec[0], spec[1]) ? 2 : 1;
        var aligned = false;
        if (spec.Length > fillLength && IsAlign(spec[fillLength]))
        {
            (parsed.fill, parsed.align, aligned) = (spec[..fillLength], spec[fillLength], true);
            position = fillLength + 1;
        }
        else if (IsAlign(spec[0]))
        {
            (parsed.align, aligned) = (spec[0], true);
            position = 1;
        }

        var filled = position == fillLength + 1;
        bool Next(char expected)
        {
            var here = position < spec.Length && spec[position] == expected;
            position += here ? 1 : 0;
            return here;
        }

        if (position < spec.Length && spec[position] is '+' or '-' or ' ')
        {
            parsed.sign = spec[position++];
            if (isText)
            {
                throw PythonError.ValueError(parsed.sign == ' '
                    ? "Space not allowed in string format specifier" : "Sign not allowed in string format specifier");
            }
        }

        parsed.alternate = Next('#');
        if (!filled && Next('0'))
        {
            parsed.fill = "0";
            parsed.align = aligned || isText ? parsed.align : '=';
        }

        parsed.width = Number(spec, ref position) ?? 0;
        if (position < spec.Length && spec[position] is ',' or '_')
        {
            parsed.separator = spec[position++];
            if (position < spec.Length && spec[position] is ',' or '_')
            {
                throw PythonError.ValueError(spec[position] == parsed.separator && parsed.separator == '_'
                    ? "Cannot specify '_' with '_'." : spec[position] == parsed.separator ? "Cannot specify ',' with ','."
                    : "Cannot specify both ',' and '_'.");
            }
        }

        if (Next('.'))
        {
            var digits = Number(spec, ref position) ?? throw PythonError.ValueError("Format specifier missing precision");
            parsed.precision = (int)Math.Min(digits, int.MaxValue);
        }

        if (spec.Length - position > 1)
        {
            throw PythonError.ValueError($"Invalid format specifier '{spec}' for object of type '{typeName}'");
        }

        parsed.type = position < spec.Length ? spec[position] : '\0';
        parsed.CheckType(typeName, isText);
        return parsed;
    }

    private void CheckType(string typeName, bool isText)
    {
        var decimalType = type is 'd' or 'e' or 'f' or 'g' or 'E' or 'G' or '%' or 'F' or '\0';
        if (separator != '\0' && !decimalType && !(separator == '_' && type is 'b' or 'o' or 'x' or 'X'))
        {
            throw PythonError.ValueError($"Cannot specify '{separator}' with '{type}'.");
        }

        var known = isText ? type is 's' or '\0'
            : typeName == "float" ? type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n' or '%' or '\0'
            : type is 'b' or 'c' or 'd' or 'o' or 'x' or 'X' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n' or '%' or '\0';
        if (!known)
        {
            throw PythonError.ValueError(type is > ' ' and < '\x7f'
                ? $"Unknown format code '{type}' for object of type '{typeName}'"
                : $"Unknown format code '\\x{(int)type:x}' for object of type '{typeName}'");
        }

        if (!isText)
        {
            return;
        }

        if (separator != '\0')
        {
            throw PythonError.ValueError($"Cannot specify '{separator}' with 's'.");
        }

        if (alternate)
        {
            throw PythonError.ValueError("Alternate form (#) not allowed in string format specifier");
        }

        if (align == '=')
        {
            throw PythonError.ValueError("'=' alignment not allowed in string format specifier");
        }
    }

    private StringValue FormatText(RenderContext context, StringValue value)
    {
        if (precision >= 0 && precision < value.CodePoints)
        {
            value = value.Slice(0, value.Utf16Index(precision));
        }

        return Pad(context, new StringValue(""), value.Plain());
    }

    private StringValue FormatReal(RenderContext context, double value, Value source)
    {
        StringOperations.CheckLength(context, precision);
        var magnitude = Math.Abs(value);
        string digits;
        if (type == '\0' && precision < 0)
        {
            digits = FloatFormat.Repr(magnitude);
        }
        else if (type == '\0')
        {
            digits = NumberText.Real(magnitude, 'g', precision, alternate);
            var plain = !digits.Contains('.') && !digits.Contains('e') && double.IsFinite(value);

            // Without a type code one digit after the point stays, or the number would read as an integer.
            digits = plain ? digits.Length < Math.Max(1, precision) ? digits + ".0" : NumberText.Real(magnitude, 'e', Math.Max(0, precision - 1), alternate) : digits;
            digits = plain && digits.Contains('e') ? TrimMantissa(digits) : digits;
        }
        else
        {
            digits = NumberText.Real(magnitude, type == 'n' ? 'g' : type, precision < 0 ? 6 : precision, alternate);
        }

        return FormatNumber(context, double.IsNegative(value) && !double.IsNaN(value), "", digits, 3, source);
    }

    private StringValue FormatInteger(RenderContext context, Value value)
    {
        if (type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%')
        {
            _ = Numbers.TryDouble(value, out var real);
            return FormatReal(context, real, value);
        }

        if (precision >= 0)
        {
            throw PythonError.ValueError("Precision not allowed in integer format specifier");
        }

        _ = Numbers.TryBigInteger(value, out var number);
        if (type == 'c')
        {
            return FormatCharacter(context, number);
        }

        var prefix = alternate && type is 'b' or 'o' or 'x' or 'X' && alternate ? "0" + type : "";
        var digits = NumberText.Integer(BigInteger.Abs(number), type);
        return FormatNumber(context, number.Sign < 0, prefix, digits, type is 'b' or 'o' or 'x' or 'X' ? 4 : 3, value);
    }

    private StringValue FormatCharacter(RenderContext context, BigInteger number)
    {
        if (sign != '-')
        {
            throw PythonError.ValueError("Sign not allowed with integer format specifier 'c'");
        }

        if (number.Sign < 0 || number > 0x10FFFF)
        {
            throw PythonError.Overflow("%c arg not in range(0x110000)");
        }

        var code = (int)number;
        return Pad(context, StringValue.Empty, new StringValue(code is >= 0xD800 and < 0xE000 ? ((char)code).ToString() : char.ConvertFromUtf32(code)));
    }

    private StringValue FormatNumber(RenderContext context, bool negative, string prefix, string digits, int group, Value source)
    {
        if (separator != '\0')
        {
            // Zero padding is grouped too.
            var room = fill == "0" && align == '=' ? width - prefix.Length - (negative || sign != '-' ? 1 : 0) : 0;
            StringOperations.CheckLength(context, room);
            digits = NumberText.Group(digits, separator, group, (int)Math.Max(0, room));
        }

        var lead = (negative ? "-" : sign == '-' ? "" : sign.ToString()) + prefix;
        var text = context.NewText();
        text.Append(digits, source.Origin);
        return Pad(context, new StringValue(lead), context.Finish(text));
    }

    private StringValue Pad(RenderContext context, StringValue lead, StringValue body)
    {
        var missing = width - lead.Text.Length - body.CodePoints;
        var filler = new StringValue(fill);
        if (align == '=')
        {
            return StringOperations.Concat(context, lead, StringOperations.Pad(context, body, missing, 0, filler));
        }

        var whole = lead.Text.Length == 0 ? body : StringOperations.Concat(context, lead, body);
        var left = missing <= 0 ? 0 : align switch
        {
            '<' => 0,
            '>' => missing,
            _ => missing / 2,
        };
        return StringOperations.Pad(context, whole, left, missing - left, filler);
    }

    private static string TrimMantissa(string scientific)
    {
        var mark = scientific.IndexOf('e');
        return scientific[..mark].Contains('.') ? scientific[..mark].TrimEnd('0').TrimEnd('.') + scientific[mark..] : scientific;
    }

    private static long? Number(string spec, ref int position)
    {
        var start = position;
        var number = 0L;
        while (position < spec.Length && char.IsAsciiDigit(spec[position]))
        {
            number = (number * 10) + (spec[position++] - '0');
            if (number > int.MaxValue * 4L)
            {
                throw PythonError.ValueError("Too many decimal digits in format string");
            }
        }

        return position == start ? null : number;
    }

    private static bool IsAlign(char character) => character is '<' or '>' or '=' or '^';
}
