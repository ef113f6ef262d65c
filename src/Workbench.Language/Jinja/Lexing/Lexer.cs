using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Lexing;

/// <summary>
/// Splits a template into tokens with <c>trim_blocks</c> and <c>lstrip_blocks</c> set, as transformers sets them. Tokens
/// come lazily, so that an error earlier in the parser is met before a later one in the lexer, as in Jinja2.
/// </summary>
internal sealed class Lexer(SourceText source)
{
    private readonly string text = source.Text;
    private readonly Stack<char> closers = new();
    private int position;
    private int line = 1;
    private bool lineStarting = true;

    public IEnumerable<Token> Tokens()
    {
        while (position < text.Length)
        {
            var open = FindOpening(position, out var raw);
            if (open < 0)
            {
                yield return new Token(TokenKind.Data, text[position..], line, position);
                yield break;
            }

            var kind = text[open + 1];
            var sign = open + 2 < text.Length && text[open + 2] is '-' or '+' ? text[open + 2] : '\0';
            var dataLine = line;
            var data = TrimData(position, open, kind, sign, raw >= 0);
            if (data > position)
            {
                yield return new Token(TokenKind.Data, text[position..data], dataLine, position);
            }

            line += CountNewlines(position, data) + (sign == '-' ? CountNewlines(data, open) : 0);
            if (raw >= 0)
            {
                Advance(open, raw);
                if (ReadRaw() is { } verbatim)
                {
                    yield return verbatim;
                }

                continue;
            }

            var begin = open;
            Advance(open, open + 2 + (sign == '\0' ? 0 : 1));
            if (kind == '#')
            {
                SkipComment();
                continue;
            }

            var block = kind == '%';
            yield return new Token(block ? TokenKind.BlockBegin : TokenKind.VariableBegin, text[begin..position], line, begin);
            foreach (var token in Expression(block))
            {
                yield return token;
            }
        }
    }

    /// <summary>The next tag from <paramref name="from"/>; <paramref name="raw"/> is where a raw tag ends, else -1.</summary>
    private int FindOpening(int from, out int raw)
    {
        for (var open = text.IndexOf('{', from); open >= 0 && open + 1 < text.Length; open = text.IndexOf('{', open + 1))
        {
            if (text[open + 1] is '%' or '{' or '#')
            {
                raw = text[open + 1] == '%' ? MatchRaw(open) : -1;
                return open;
            }
        }

        raw = -1;
        return -1;
    }

    private int MatchRaw(int open)
    {
        var end = open + 2;
        end += end < text.Length && text[end] is '-' or '+' ? 1 : 0;
        end = SkipSpace(end);
        if (string.CompareOrdinal(text, end, "raw", 0, 3) != 0)
        {
            return -1;
        }

        end = SkipSpace(end + 3);
        if (string.CompareOrdinal(text, end, "-%}", 0, 3) == 0)
        {
            return SkipSpace(end + 3);
        }

        return string.CompareOrdinal(text, end, "%}", 0, 2) == 0 ? end + 2 : -1;
    }

    /// <summary>Where the data before a tag ends once white space control has cut it.</summary>
    private int TrimData(int start, int open, char kind, char sign, bool raw)
    {
        if (sign == '-')
        {
            while (open > start && PythonCharacters.IsSpace(text[open - 1]))
            {
                open--;
            }

            return open;
        }

        if (sign == '+' || (kind == '{' && !raw))
        {
            return open;
        }

        // lstrip_blocks: white space between the line's start and the tag goes.
        var lineStart = open > start ? text.LastIndexOf('\n', open - 1, open - start) + 1 : 0;
        if (lineStart <= start)
        {
            if (!lineStarting)
            {
                return open;
            }

            lineStart = start;
        }

        for (var index = lineStart; index < open; index++)
        {
            if (!PythonCharacters.IsSpace(text[index]))
            {
                return open;
            }
        }

        return lineStart;
    }

    private void SkipComment()
    {
        var close = text.IndexOf("#}", position, StringComparison.Ordinal);
        if (close < 0)
        {
            if (position < text.Length)
            {
                throw PythonError.Syntax("Missing end of comment tag", line);
            }

            return;
        }

        var strip = close > position && text[close - 1] == '-';
        var keep = close > position && text[close - 1] == '+';
        Advance(position, After(close + 2, strip, keep));
    }

    private Token? ReadRaw()
    {
        if (position >= text.Length)
        {
            return null;
        }

        for (var open = text.IndexOf("{%", position, StringComparison.Ordinal); open >= 0; open = text.IndexOf("{%", open + 1, StringComparison.Ordinal))
        {
            var sign = open + 2 < text.Length && text[open + 2] is '-' or '+' ? text[open + 2] : '\0';
            var end = SkipSpace(open + 2 + (sign == '\0' ? 0 : 1));
            if (string.CompareOrdinal(text, end, "endraw", 0, 6) != 0)
            {
                continue;
            }

            end = SkipSpace(end + 6);
            var close = end < text.Length && text[end] is '-' or '+' ? text[end++] : '\0';
            if (string.CompareOrdinal(text, end, "%}", 0, 2) != 0)
            {
                continue;
            }

            var start = position;
            var startLine = line;
            var data = TrimData(start, open, '%', sign, raw: true);
            line += CountNewlines(start, data) + (sign == '-' ? CountNewlines(data, open) : 0);
            Advance(open, After(end + 2, close == '-', close == '+'));
            return data > start ? new Token(TokenKind.Data, text[start..data], startLine, start) : null;
        }

        throw PythonError.Syntax("Missing end of raw directive", line);
    }

    private IEnumerable<Token> Expression(bool block)
    {
        while (position < text.Length)
        {
            if (closers.Count == 0 && MatchEnd(block) is var end and >= 0)
            {
                var closing = new Token(block ? TokenKind.BlockEnd : TokenKind.VariableEnd, "", line, position);
                Advance(position, end);
                yield return closing;
                yield break;
            }

            if (PythonCharacters.IsSpace(text[position]))
            {
                Advance(position, SkipSpace(position));
                continue;
            }

            yield return ReadToken();
        }
    }

    /// <summary>Where the tag ends if it ends here, with the white space its end eats; else -1.</summary>
    private int MatchEnd(bool block)
    {
        var mark = block ? "%}" : "}}";
        if (string.CompareOrdinal(text, position, mark, 0, 2) == 0)
        {
            return block ? After(position + 2, strip: false, keep: false) : position + 2;
        }

        if (text[position] is '-' && string.CompareOrdinal(text, position + 1, mark, 0, 2) == 0)
        {
            return SkipSpace(position + 3);
        }

        return block && text[position] == '+' && string.CompareOrdinal(text, position + 1, mark, 0, 2) == 0 ? position + 3 : -1;
    }

    private Token ReadToken()
    {
        var start = position;
        var startLine = line;
        if (LiteralReader.NumberEnd(text, start, out var isFloat) is var end and > 0)
        {
            Advance(start, end);
            return new Token(isFloat ? TokenKind.Float : TokenKind.Integer, text[start..end], startLine, start, LiteralReader.Number(text[start..end], isFloat));
        }

        if (LiteralReader.NameEnd(text, start) is var nameEnd and > 0)
        {
            Advance(start, nameEnd);
            var name = text[start..nameEnd];
            return StringTests.IsIdentifier(name)
                ? new Token(TokenKind.Name, name, startLine, start)
                : throw PythonError.Syntax("Invalid character in identifier", startLine);
        }

        if (LiteralReader.StringEnd(text, start) is var stringEnd and > 0)
        {
            Advance(start, stringEnd);
            return new Token(TokenKind.String, LiteralReader.Unescape(text[(start + 1)..(stringEnd - 1)], startLine), startLine, start);
        }

        foreach (var (symbol, kind) in TokenNames.Operators)
        {
            if (string.CompareOrdinal(text, start, symbol, 0, symbol.Length) == 0)
            {
                Balance(symbol[0], symbol.Length);
                Advance(start, start + symbol.Length);
                return new Token(kind, symbol, startLine, start);
            }
        }

        var length = start + 1 < text.Length && char.IsSurrogatePair(text[start], text[start + 1]) ? 2 : 1;
        var character = new StringValue(text.Substring(start, length)).Repr();
        throw PythonError.Syntax($"unexpected char {character} at {StringValue.CountCodePoints(text.AsSpan(0, start))}", line);
    }

    private void Balance(char symbol, int length)
    {
        if (length > 1)
        {
            return;
        }

        switch (symbol)
        {
            case '(':
                closers.Push(')');
                break;
            case '[':
                closers.Push(']');
                break;
            case '{':
                closers.Push('}');
                break;
            case ')' or ']' or '}':
                if (!closers.TryPop(out var expected))
                {
                    throw PythonError.Syntax($"unexpected '{symbol}'", line);
                }

                if (expected != symbol)
                {
                    throw PythonError.Syntax($"unexpected '{symbol}', expected '{expected}'", line);
                }

                break;
        }
    }

    /// <summary>The end of a tag that closes at <paramref name="end"/>: a minus eats white space, else trim_blocks one newline.</summary>
    private int After(int end, bool strip, bool keep) =>
        strip ? SkipSpace(end) : !keep && end < text.Length && text[end] == '\n' ? end + 1 : end;

    private int SkipSpace(int index)
    {
        while (index < text.Length && PythonCharacters.IsSpace(text[index]))
        {
            index++;
        }

        return index;
    }

    private void Advance(int from, int to)
    {
        line += CountNewlines(from, to);
        lineStarting = to > from && text[to - 1] == '\n';
        position = to;
    }

    private int CountNewlines(int from, int to) => text.AsSpan(from, to - from).Count('\n');
}
