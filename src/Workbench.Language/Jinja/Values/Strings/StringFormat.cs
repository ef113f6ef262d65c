using System.Globalization;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary><c>str.format</c> as the sandbox runs it: Python's string.Formatter with the template's own attribute access.</summary>
internal sealed class StringFormat
{
    private readonly RenderContext context;
    private readonly Value[] positional;
    private readonly Func<string, Value?> named;
    private readonly bool escape;
    private int automatic;
    private bool numbered;

    private StringFormat(RenderContext context, Value[] positional, Func<string, Value?> named, bool escape)
    {
        this.context = context;
        this.positional = positional;
        this.named = named;
        this.escape = escape;
    }

    public static Value Format(RenderContext context, Value self, in Arguments arguments)
    {
        var names = arguments.Named;
        Value? Named(string name) => Array.Find(names, pair => pair.Key == name).Value;
        return Run(context, (StringValue)self, arguments.Positional, Named);
    }

    public static Value FormatMap(RenderContext context, Value self, in Arguments arguments)
    {
        if (arguments.Named.Length > 0)
        {
            throw PythonError.TypeError("format_map() takes no keyword arguments");
        }

        if (arguments.Count != 1)
        {
            throw PythonError.TypeError($"format_map() takes exactly one argument ({arguments.Count} given)");
        }

        var map = arguments[0];
        return Run(context, (StringValue)self, [], name => map switch
        {
            DictValue dict => dict.Get(name),
            SequenceValue or RangeValue => throw PythonError.TypeError($"{map.TypeName} indices must be integers or slices, not str"),
            _ => throw PythonError.TypeError($"'{map.TypeName}' object is not subscriptable"),
        });
    }

    /// <summary><c>ascii()</c> of a repr: everything beyond ASCII escaped.</summary>
    public static StringValue ToAscii(RenderContext context, StringValue repr)
    {
        var text = context.NewText();
        foreach (var (codePoint, start, length) in PythonCharacters.Enumerate(repr.Text))
        {
            if (codePoint < 0x80)
            {
                text.Append(repr, start, length);
            }
            else
            {
                text.Append(codePoint < 0x100 ? $@"\x{codePoint:x2}" : codePoint < 0x10000 ? $@"\u{codePoint:x4}" : $@"\U{codePoint:x8}");
            }
        }

        return context.Finish(text);
    }

    private static StringValue Run(RenderContext context, StringValue format, Value[] positional, Func<string, Value?> named)
    {
        var run = new StringFormat(context, positional, named, format.IsMarkup);
        var text = run.Expand(format.Plain(), 2);
        return format.IsMarkup ? text.AsMarkup() : text;
    }

    private StringValue Expand(StringValue format, int depth)
    {
        if (depth < 0)
        {
            throw PythonError.ValueError("Max string recursion exceeded");
        }

        var text = format.Text;
        var output = context.NewText();
        var position = 0;
        while (position < text.Length)
        {
            var brace = text.AsSpan(position).IndexOfAny('{', '}');
            var end = brace < 0 ? text.Length : position + brace;
            output.Append(format, position, end - position);
            if (brace < 0)
            {
                break;
            }

            if (end + 1 < text.Length && text[end + 1] == text[end])
            {
                output.Append(format, end, 1);
                position = end + 2;
                continue;
            }

            if (text[end] == '}')
            {
                throw PythonError.ValueError("Single '}' encountered in format string");
            }

            position = Field(format, end + 1, output, depth);
        }

        return context.Finish(output);
    }

    private int Field(StringValue format, int start, TextBuilder output, int depth)
    {
        var text = format.Text;
        if (start >= text.Length)
        {
            throw PythonError.ValueError("Single '{' encountered in format string");
        }

        // The name ends at ':' or '!' outside of square brackets.
        var end = start;
        var bracket = false;
        for (; end < text.Length && (bracket || text[end] is not ('}' or ':' or '!')); end++)
        {
            bracket = text[end] switch
            {
                '{' when !bracket => throw PythonError.ValueError("unexpected '{' in field name"),
                '[' => true,
                ']' => false,
                _ => bracket,
            };
        }

        if (end >= text.Length)
        {
            throw PythonError.ValueError("expected '}' before end of string");
        }

        var name = text[start..end];
        var conversion = '\0';
        if (text[end] == '!')
        {
            if (end + 1 >= text.Length)
            {
                throw PythonError.ValueError("end of string while looking for conversion specifier");
            }

            if (text[end + 1] == '}' || end + 2 >= text.Length)
            {
                throw PythonError.ValueError("unmatched '{' in format spec");
            }

            conversion = text[end + 1];
            end += 2;
            if (text[end] is not (':' or '}'))
            {
                throw PythonError.ValueError("expected ':' after conversion specifier");
            }
        }

        var specification = StringValue.Empty;
        if (text[end] == ':')
        {
            var specStart = ++end;
            for (var nesting = 1; ; end++)
            {
                if (end >= text.Length)
                {
                    throw PythonError.ValueError("unmatched '{' in format spec");
                }

                nesting += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
                if (nesting == 0)
                {
                    break;
                }
            }

            specification = format.Slice(specStart, end - specStart);
        }

        var value = Convert(Resolve(name), conversion);
        specification = Expand(specification, depth - 1);
        output.Append(FormatField(value, specification));
        return end + 1;
    }

    private StringValue FormatField(Value value, StringValue specification)
    {
        if (!escape)
        {
            return FormatSpec.Apply(context, value, specification).Plain();
        }

        if (value is StringValue { IsMarkup: true } markup)
        {
            return specification.Text.Length == 0
                ? markup.Plain()
                : throw PythonError.ValueError("Unsupported format specification for Markup.");
        }

        return StringOperations.Escape(context, FormatSpec.Apply(context, value, specification)).Plain();
    }

    private Value Convert(Value value, char conversion)
    {
        switch (conversion)
        {
            case '\0':
                return value;
            case 's':
                return value.ToStr(context).Plain();
            case 'r':
            case 'a':
                var text = context.NewText();
                value.WriteRepr(text);
                var repr = context.Finish(text);
                return conversion == 'a' ? ToAscii(context, repr) : repr;
            default:
                throw PythonError.ValueError($"Unknown conversion specifier {conversion}");
        }
    }

    private Value Resolve(string name)
    {
        if (name.Length == 0)
        {
            if (numbered)
            {
                throw PythonError.ValueError("cannot switch from manual field specification to automatic field numbering");
            }

            name = automatic.ToString(CultureInfo.InvariantCulture);
            automatic++;
        }
        else if (PythonCharacters.All(name, PythonCharacters.IsDigit))
        {
            if (automatic > 0)
            {
                throw PythonError.ValueError("cannot switch from manual field specification to automatic field numbering");
            }

            numbered = true;
        }

        var end = name.AsSpan().IndexOfAny('.', '[');
        var first = end < 0 ? name : name[..end];
        var value = First(first);
        for (var position = end < 0 ? name.Length : end; position < name.Length;)
        {
            if (name[position] == '.')
            {
                var stop = name.AsSpan(position + 1).IndexOfAny('.', '[');
                var next = stop < 0 ? name.Length : position + 1 + stop;
                var attribute = name[(position + 1)..next];
                value = attribute.Length == 0
                    ? throw PythonError.ValueError("Empty attribute in format string")
                    : Access.Attribute(context, value, attribute);
                position = next;
            }
            else if (name[position] == '[')
            {
                var close = name.IndexOf(']', position);
                var key = close < 0 ? throw PythonError.ValueError("Missing ']' in format string") : name[(position + 1)..close];
                value = key.Length == 0
                    ? throw PythonError.ValueError("Empty attribute in format string")
                    : Access.Item(context, value, IsNumber(key, out var index) ? IntValue.Of(index) : new StringValue(key));
                position = close + 1;
            }
            else
            {
                throw PythonError.ValueError("Only '.' or '[' may follow ']' in format field specifier");
            }
        }

        return value;
    }

    private Value First(string name)
    {
        if (IsNumber(name, out var index))
        {
            return index < positional.Length ? positional[index] : throw PythonError.Index("tuple index out of range");
        }

        return named(name) ?? throw new PythonError("KeyError", new StringValue(name).Repr());
    }

    private static bool IsNumber(string text, out long number)
    {
        number = 0;
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
        {
            return false;
        }

        return long.TryParse(text, CultureInfo.InvariantCulture, out number)
            ? true
            : throw PythonError.ValueError("Too many decimal digits in format string");
    }
}
