using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>The less simple of <c>str</c>'s predicates and layouts.</summary>
internal static class StringTests
{
    /// <summary>Python keywords are identifiers too.</summary>
    public static bool IsIdentifier(string text)
    {
        var first = true;
        foreach (var (codePoint, _, _) in PythonCharacters.Enumerate(text))
        {
            var fits = codePoint == '_' || PythonCharacters.IsAlpha(codePoint)
                || (!first && (PythonCharacters.IsDecimal(codePoint) || IsCombining(codePoint)));
            if (!fits)
            {
                return false;
            }

            first = false;
        }

        return !first;
    }

    public static bool IsLower(string text) => IsCasedOnly(text, PythonCharacters.IsLower);

    public static bool IsUpper(string text) => IsCasedOnly(text, PythonCharacters.IsUpper);

    public static bool IsTitle(string text)
    {
        bool cased = false, previousCased = false;
        foreach (var (codePoint, _, _) in PythonCharacters.Enumerate(text))
        {
            if (PythonCharacters.IsUpper(codePoint) || PythonCharacters.IsTitle(codePoint))
            {
                if (previousCased)
                {
                    return false;
                }

                cased = previousCased = true;
            }
            else if (PythonCharacters.IsLower(codePoint))
            {
                if (!previousCased)
                {
                    return false;
                }
            }
            else
            {
                previousCased = false;
            }
        }

        return cased;
    }

    public static StringValue ZeroFill(RenderContext context, StringValue value, long width)
    {
        var missing = width - value.CodePoints;
        if (missing <= 0)
        {
            return value;
        }

        var sign = value.Text.Length > 0 && value.Text[0] is '+' or '-' ? 1 : 0;
        StringOperations.CheckLength(context, width);
        var text = context.NewText();
        text.Append(value, 0, sign);
        text.Append('0', (int)missing);
        text.Append(value, sign, value.Text.Length - sign);
        return context.Finish(text, value.IsMarkup);
    }

    public static StringValue ExpandTabs(RenderContext context, StringValue value, long size)
    {
        var text = context.NewText();
        var column = 0L;
        foreach (var (codePoint, start, length) in PythonCharacters.Enumerate(value.Text))
        {
            if (codePoint == '\t')
            {
                var spaces = size > 0 ? size - (column % size) : 0;
                StringOperations.CheckLength(context, text.Length + spaces);
                text.Append(new string(' ', (int)spaces), value.OriginAt(start));
                column += spaces;
                continue;
            }

            text.Append(value, start, length);
            column = codePoint is '\n' or '\r' ? 0 : column + 1;
        }

        return context.Finish(text, value.IsMarkup);
    }

    /// <summary><c>str.translate</c> over a dict of code points.</summary>
    public static StringValue Translate(RenderContext context, StringValue value, Value table)
    {
        if (value.Text.Length == 0)
        {
            return value; // the table is not looked at
        }

        if (table is not (DictValue or SequenceValue or StringValue or RangeValue or BytesValue))
        {
            throw table is UndefinedValue undefined
                ? undefined.Fail()
                : PythonError.TypeError($"'{table.TypeName}' object is not subscriptable");
        }

        var text = context.NewText();
        foreach (var (codePoint, start, length) in PythonCharacters.Enumerate(value.Text))
        {
            switch (table.Item(context, IntValue.Of(codePoint)))
            {
                case null:
                    text.Append(value, start, length);
                    break;
                case NoneValue:
                    break;
                case StringValue mapped:
                    text.Append(mapped);
                    break;
                case var number when Numbers.TryIndex(number, out var mapped) && mapped is >= 0 and <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF):
                    text.Append(char.ConvertFromUtf32((int)mapped), value.OriginAt(start));
                    break;
                default:
                    throw PythonError.TypeError("character mapping must return integer, None or str");
            }
        }

        return context.Finish(text, value.IsMarkup);
    }

    private static bool IsCasedOnly(string text, Func<int, bool> wanted)
    {
        var cased = false;
        foreach (var (codePoint, _, _) in PythonCharacters.Enumerate(text))
        {
            if (wanted(codePoint))
            {
                cased = true;
            }
            else if (PythonCharacters.IsCased(codePoint))
            {
                return false;
            }
        }

        return cased;
    }

    private static bool IsCombining(int codePoint) => codePoint < 0xD800 && char.GetUnicodeCategory((char)codePoint)
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark
            or System.Globalization.UnicodeCategory.ConnectorPunctuation;
}
