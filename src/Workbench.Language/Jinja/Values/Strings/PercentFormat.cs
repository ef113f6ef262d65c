using System.Numerics;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>The <c>%</c> operator of strings: printf-style formatting with CPython's conversions and messages.</summary>
internal sealed class PercentFormat
{
    private readonly RenderContext context;
    private readonly StringValue format;
    private readonly TextBuilder output;
    private readonly Value arguments;
    private readonly Value[] positional;
    private readonly bool isMapping;
    private int next;
    private bool usedMapping;

    private PercentFormat(RenderContext context, StringValue format, Value arguments)
    {
        this.context = context;
        this.format = format;
        this.arguments = arguments;
        output = context.NewText();
        positional = arguments is TupleValue tuple ? tuple.Items : [arguments];
        isMapping = arguments is DictValue or ListValue or RangeValue or UndefinedValue or BytesValue;
    }

    public static StringValue Apply(RenderContext context, StringValue format, Value arguments)
    {
        var run = new PercentFormat(context, format, arguments);
        run.Run();
        return context.Finish(run.output, format.IsMarkup);
    }

    private void Run()
    {
        var text = format.Text;
        var position = 0;
        while (position < text.Length)
        {
            var percent = text.IndexOf('%', position);
            var end = percent < 0 ? text.Length : percent;
            output.Append(format, position, end - position);
            position = end;
            if (percent >= 0)
            {
                position = Conversion(text, percent + 1);
            }
        }

        if (next < positional.Length && !usedMapping && !isMapping)
        {
            throw PythonError.TypeError("not all arguments converted during string formatting");
        }
    }

    private int Conversion(string text, int position)
    {
        // Only a bare %% is a percent sign; with flags or a width between, it is a conversion that does not exist.
        if (position < text.Length && text[position] == '%')
        {
            output.Append(format, position, 1);
            return position + 1;
        }

        Value? keyed = null;
        if (position < text.Length && text[position] == '(')
        {
            keyed = Lookup(text, ref position);
        }

        bool left = false, plus = false, space = false, alternate = false, zero = false;
        for (; position < text.Length && text[position] is '-' or '+' or ' ' or '#' or '0'; position++)
        {
            left |= text[position] == '-';
            plus |= text[position] == '+';
            space |= text[position] == ' ';
            alternate |= text[position] == '#';
            zero |= text[position] == '0';
            if (position + 1 >= text.Length)
            {
                throw PythonError.ValueError("incomplete format");
            }
        }

        var width = Size(text, ref position, "width too big", out var negative);
        left |= negative;
        var precision = -1L;
        if (position < text.Length && text[position] == '.')
        {
            position++;
            precision = Math.Max(0, Size(text, ref position, "precision too big", out _));
        }

        while (position < text.Length && text[position] is 'h' or 'l' or 'L')
        {
            position++;
        }

        if (position >= text.Length)
        {
            throw PythonError.ValueError("incomplete format");
        }

        var type = text[position];
        StringOperations.CheckLength(context, Math.Max(width, precision));
        var value = keyed ?? NextArgument();
        var (body, numeric) = Convert(value, type, precision, alternate, position);
        var sign = "";
        var digits = body;
        if (numeric)
        {
            var minus = body.Text.StartsWith('-');
            digits = minus ? body.Slice(1, body.Text.Length - 1) : body;
            sign = minus ? "-" : plus ? "+" : space ? " " : "";
        }

        var prefix = numeric && digits.Text.Length > 1 && alternate && type is 'x' or 'X' or 'o' && numeric ? 2 : 0;
        var missing = width - sign.Length - digits.CodePoints;
        var fillZero = zero && numeric && !left;
        if (!left && !fillZero && missing > 0)
        {
            output.Append(' ', (int)missing);
        }

        output.Append(sign);
        output.Append(digits, 0, fillZero ? prefix : 0);
        if (fillZero && missing > 0)
        {
            output.Append('0', (int)missing);
        }

        var skip = fillZero ? prefix : 0;
        output.Append(digits, skip, digits.Text.Length - skip);
        if (left && missing > 0)
        {
            output.Append(' ', (int)missing);
        }

        return position + 1;
    }

    private Value Lookup(string text, ref int position)
    {
        if (!isMapping)
        {
            throw PythonError.TypeError("format requires a mapping");
        }

        var depth = 1;
        var start = ++position;
        for (; position < text.Length && depth > 0; position++)
        {
            depth += text[position] == '(' ? 1 : text[position] == ')' ? -1 : 0;
        }

        if (depth > 0)
        {
            throw PythonError.ValueError("incomplete format key");
        }

        usedMapping = true;
        var key = format.Slice(start, position - 1 - start);
        return arguments is DictValue dict
            ? dict.Get(key) ?? throw new PythonError("KeyError", key.Repr())
            : arguments is UndefinedValue undefined ? throw undefined.Fail()
            : throw PythonError.TypeError($"{arguments.TypeName} indices must be integers or slices, not str");
    }

    private long Size(string text, ref int position, string tooBig, out bool negative)
    {
        negative = false;
        if (position < text.Length && text[position] == '*')
        {
            position++;
            if (!Numbers.TryIndex(NextArgument(), out var given))
            {
                throw PythonError.TypeError("* wants int");
            }

            negative = given < 0;
            return Math.Abs(given);
        }

        var size = 0L;
        for (; position < text.Length && char.IsAsciiDigit(text[position]); position++)
        {
            size = (size * 10) + (text[position] - '0');
            if (size > int.MaxValue)
            {
                throw PythonError.ValueError(tooBig);
            }
        }

        return size;
    }

    private Value NextArgument()
    {
        if (next >= positional.Length || (usedMapping && arguments is not TupleValue))
        {
            throw PythonError.TypeError("not enough arguments for format string");
        }

        return positional[next++];
    }

    private (StringValue Text, bool Numeric) Convert(Value value, char type, long precision, bool alternate, int index)
    {
        switch (type)
        {
            case 's':
            case 'r':
            case 'a':
                return (Shorten(TextOf(value, type), precision), false);
            case 'd':
            case 'i':
            case 'u':
            case 'x':
            case 'X':
            case 'o':
                return (IntegerText(value, type, (int)precision, alternate), true);
            case 'e':
            case 'E':
            case 'f':
            case 'F':
            case 'g':
            case 'G':
                return (RealText(value, type, (int)precision, alternate), true);
            case 'c':
                return (Character(value), false);
            default:
                throw PythonError.ValueError(
                    $"unsupported format character '{(type is > '\x1f' and < '\x7f' ? type : '?')}' (0x{(int)type:x}) at index {format.CodePointIndex(index)}");
        }
    }

    private StringValue TextOf(Value value, char type)
    {
        if (format.IsMarkup)
        {
            return type == 's' ? StringOperations.Escape(context, value).Plain()
                : StringOperations.Escape(context, new StringValue(value.Repr())).Plain();
        }

        if (type == 's')
        {
            return value.ToStr(context);
        }

        var text = context.NewText();
        value.WriteRepr(text);
        var repr = context.Finish(text);
        return type == 'a' ? StringFormat.ToAscii(context, repr) : repr;
    }

    private static StringValue Shorten(StringValue text, long precision) =>
        precision >= 0 && precision < text.CodePoints ? text.Slice(0, text.Utf16Index((int)precision)) : text;

    private StringValue IntegerText(Value value, char type, int precision, bool alternate)
    {
        BigInteger number;
        if (value is UndefinedValue undefined)
        {
            throw undefined.Fail();
        }
        else if (value is FloatValue real && type is 'd' or 'i' or 'u' && value is FloatValue)
        {
            number = ToInteger(((FloatValue)value).Value);
        }
        else if (!Numbers.TryBigInteger(value, out number))
        {
            var wanted = type is 'd' or 'i' or 'u' ? "a real number" : "an integer";
            throw PythonError.TypeError($"%{type} format: {wanted} is required, not {value.TypeName}");
        }

        var digits = NumberText.Integer(BigInteger.Abs(number), type).PadLeft(Math.Max(0, precision), '0');
        var prefix = alternate && type is 'x' or 'X' or 'o' && alternate ? "0" + type : "";
        return Made((number.Sign < 0 ? "-" : "") + prefix + digits, value);
    }

    private StringValue RealText(Value value, char type, int precision, bool alternate)
    {
        if (value is UndefinedValue undefined)
        {
            throw undefined.Fail();
        }

        if (!Numbers.TryDouble(value, out var real))
        {
            throw PythonError.TypeError($"must be real number, not {value.TypeName}");
        }

        var digits = NumberText.Real(Math.Abs(real), type, precision < 0 ? 6 : precision, alternate);
        return Made((double.IsNegative(real) && !double.IsNaN(real) ? "-" : "") + digits, value);
    }

    private static StringValue Character(Value value)
    {
        if (value is StringValue { CodePoints: 1 } text)
        {
            return text;
        }

        if (!Numbers.TryBigInteger(value, out var code))
        {
            throw PythonError.TypeError("%c requires int or char");
        }

        return code.Sign >= 0 && code <= 0x10FFFF
            ? new StringValue(code >= 0xD800 && code < 0xE000 ? ((char)(int)code).ToString() : char.ConvertFromUtf32((int)code))
            : throw PythonError.Overflow("%c arg not in range(0x110000)");
    }

    private StringValue Made(string text, Value source)
    {
        var made = context.NewText();
        made.Append(text, source.Origin);
        return context.Finish(made);
    }

    /// <summary><c>int(x)</c> of a float.</summary>
    public static BigInteger ToInteger(double real) =>
        double.IsNaN(real) ? throw PythonError.ValueError("cannot convert float NaN to integer")
        : double.IsInfinity(real) ? throw PythonError.Overflow("cannot convert float infinity to integer")
        : new BigInteger(Math.Truncate(real));
}
