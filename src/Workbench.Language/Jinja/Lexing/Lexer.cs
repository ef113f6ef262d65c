using Workbench.Language.Chat.Templates;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Lexing;

/// <summary>
/// Splits a template into tokens, one at a time. Follows jinja2/lexer.py with <c>trim_blocks</c> and
/// <c>lstrip_blocks</c> on: the same text is data, the same characters are refused, with the same line.
/// </summary>
internal sealed class Lexer(SourceText source)
{
    private enum State
    {
        Root,
        Variable,
        Block,
    }

    private readonly string _text = source.Text;
    private readonly Stack<char> _open = new();
    private State _state = State.Root;
    private Token? _pendingBegin;
    private int _at;
    private int _line = 1;
    private bool _lineStarting = true;

    /// <summary>The next token; null at the end of the template.</summary>
    /// <exception cref="TemplateException">TemplateSyntaxError: a character or an end that no rule allows.</exception>
    public Token? Read()
    {
        while (true)
        {
            if (_pendingBegin is { } begin)
            {
                _pendingBegin = null;
                return begin;
            }

            if (_state != State.Root)
            {
                if (ReadInTag() is { } inTag)
                {
                    return inTag;
                }

                if (_at >= _text.Length)
                {
                    return null;
                }

                continue;
            }

            if (_at >= _text.Length)
            {
                return null;
            }

            if (ReadData() is { } data)
            {
                return data;
            }
        }
    }

    /// <summary>Reads data up to the next tag and enters that tag; comments and raw blocks are dealt with on the way.</summary>
    private Token? ReadData()
    {
        var start = _at;
        var tag = FindTag(_at);
        if (tag < 0)
        {
            _at = _text.Length;
            return Data(start, _text[start..]);
        }

        var rawEnd = _text[tag + 1] == '%' ? MatchRawBegin(tag) : -1;
        var sign = Sign(tag + 2);
        var data = Strip(_text[start..tag], sign, mayStripLine: _text[tag + 1] != '{', out var stripped);
        var token = data.Length > 0 ? Data(start, data) : (Token?)null;
        _line += data.AsSpan().Count('\n') + stripped;
        if (rawEnd >= 0)
        {
            _line += _text.AsSpan(tag, rawEnd - tag).Count('\n');
            _at = rawEnd;
            ReadRaw(ref token);
            return token;
        }

        _at = tag + 2 + (sign == '\0' ? 0 : 1);
        _lineStarting = false;
        switch (_text[tag + 1])
        {
            case '#':
                SkipComment();
                break;
            case '{':
                _state = State.Variable;
                _pendingBegin = new Token(_line, tag, TokenType.VariableBegin, "");
                break;
            default:
                _state = State.Block;
                _pendingBegin = new Token(_line, tag, TokenType.BlockBegin, "");
                break;
        }

        return token;
    }

    private Token Data(int offset, string text) => new(_line, offset, TokenType.Data, text);

    private int FindTag(int from)
    {
        for (var at = _text.IndexOf('{', from); at >= 0 && at + 1 < _text.Length; at = _text.IndexOf('{', at + 1))
        {
            if (_text[at + 1] is '%' or '{' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    private char Sign(int at) => at < _text.Length && _text[at] is '-' or '+' ? _text[at] : '\0';

    /// <summary>White space before a tag: all of it with <c>-</c>, that on the tag's own line with lstrip_blocks.</summary>
    private string Strip(string text, char sign, bool mayStripLine, out int newlinesStripped)
    {
        newlinesStripped = 0;
        if (sign == '-')
        {
            var end = text.Length;
            while (end > 0 && PythonText.IsSpace(text[end - 1]))
            {
                end--;
            }

            newlinesStripped = text.AsSpan(end).Count('\n');
            return text[..end];
        }

        if (sign == '+' || !mayStripLine)
        {
            return text;
        }

        var lineStart = text.LastIndexOf('\n') + 1;
        if ((lineStart == 0 && !_lineStarting) || lineStart == text.Length)
        {
            return text;
        }

        for (var i = lineStart; i < text.Length; i++)
        {
            if (!PythonText.IsSpace(text[i]))
            {
                return text;
            }
        }

        return text[..lineStart];
    }

    private int MatchRawBegin(int tag)
    {
        var at = SkipSpace(tag + 2 + (Sign(tag + 2) == '\0' ? 0 : 1));
        if (string.CompareOrdinal(_text, at, "raw", 0, 3) != 0)
        {
            return -1;
        }

        at = SkipSpace(at + 3);
        return Matches(at, "-%}") ? SkipSpace(at + 3) : Matches(at, "%}") ? at + 2 : -1;
    }

    /// <summary>Reads the body of a raw block; it joins no other data, so it comes as a token of its own.</summary>
    private void ReadRaw(ref Token? before)
    {
        _lineStarting = _text[_at - 1] == '\n';
        for (var tag = _text.IndexOf("{%", _at, StringComparison.Ordinal); tag >= 0;
             tag = _text.IndexOf("{%", tag + 1, StringComparison.Ordinal))
        {
            var sign = Sign(tag + 2);
            var at = SkipSpace(tag + 2 + (sign == '\0' ? 0 : 1));
            if (!Matches(at, "endraw") || (at = BlockEnd(SkipSpace(at + 6))) < 0)
            {
                continue;
            }

            var start = _at;
            var body = Strip(_text[start..tag], sign, mayStripLine: true, out var stripped);
            var token = Data(start, body);
            _line += body.AsSpan().Count('\n') + stripped + _text.AsSpan(tag, at - tag).Count('\n');
            _at = at;
            _lineStarting = _text[at - 1] == '\n';
            if (body.Length == 0)
            {
                return;
            }

            if (before is null)
            {
                before = token;
            }
            else
            {
                _pendingBegin = token;
            }

            return;
        }

        throw Error("Missing end of raw directive");
    }

    private void SkipComment()
    {
        var end = _text.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            if (_at >= _text.Length)
            {
                return;
            }

            throw Error("Missing end of comment tag");
        }

        var start = _at;
        var minus = end > start && _text[end - 1] == '-';
        _at = end + 2;
        if (minus)
        {
            _at = SkipSpace(_at);
        }
        else if (!(end > start && _text[end - 1] == '+') && _at < _text.Length && _text[_at] == '\n')
        {
            _at++;
        }

        _line += _text.AsSpan(start, _at - start).Count('\n');
        _lineStarting = _text[_at - 1] == '\n';
    }

    private Token? ReadInTag()
    {
        if (_at >= _text.Length)
        {
            return null;
        }

        if (_open.Count == 0)
        {
            var end = _state == State.Block ? BlockEnd(_at) : VariableEnd(_at);
            if (end >= 0)
            {
                var token = new Token(_line, _at, _state == State.Block ? TokenType.BlockEnd : TokenType.VariableEnd, "");
                Advance(end);
                _lineStarting = _text[end - 1] == '\n';
                _state = State.Root;
                return token;
            }
        }

        var space = SkipSpace(_at);
        if (space > _at)
        {
            Advance(space);
            return null;
        }

        return ReadNumber() ?? ReadName() ?? ReadString() ?? ReadOperator() ?? throw UnexpectedCharacter();
    }

    private Token? ReadNumber()
    {
        if (!char.IsAsciiDigit(_text[_at]))
        {
            return null;
        }

        var afterDot = _at > 0 && _text[_at - 1] == '.';
        var end = NumberLiteral.Match(_text, _at, afterDot, out var type, out var number);
        var token = new Token(_line, _at, type, "", number);
        Advance(end);
        return token;
    }

    private Token? ReadName()
    {
        var end = PythonIdentifier.Match(_text, _at);
        if (end == _at)
        {
            return null;
        }

        var name = _text[_at..end];
        if (!PythonIdentifier.IsIdentifier(name))
        {
            throw Error("Invalid character in identifier");
        }

        var token = new Token(_line, _at, TokenType.Name, name);
        _at = end;
        return token;
    }

    private Token? ReadString()
    {
        var quote = _text[_at];
        if (quote is not ('\'' or '"'))
        {
            return null;
        }

        for (var end = _at + 1; end < _text.Length; end++)
        {
            if (_text[end] == '\\')
            {
                end++;
            }
            else if (_text[end] == quote)
            {
                var token = new Token(_line, _at, TokenType.String, StringLiteral.Unescape(_text[(_at + 1)..end], _line));
                Advance(end + 1);
                return token;
            }
        }

        return null;
    }

    private Token? ReadOperator()
    {
        var first = _text[_at];
        var length = _at + 1 < _text.Length && (first, _text[_at + 1])
            is ('/', '/') or ('*', '*') or ('=', '=') or ('!', '=') or ('>', '=') or ('<', '=') ? 2 : 1;
        if (length == 1 && !"+-/*%~[](){}><=.:|,;".Contains(first, StringComparison.Ordinal))
        {
            return null;
        }

        var text = string.Intern(_text.Substring(_at, length));
        Balance(first);
        var token = new Token(_line, _at, text, text);
        _at += length;
        return token;
    }

    private void Balance(char bracket)
    {
        switch (bracket)
        {
            case '(': _open.Push(')'); break;
            case '[': _open.Push(']'); break;
            case '{': _open.Push('}'); break;
            case ')' or ']' or '}':
                if (_open.Count == 0)
                {
                    throw Error($"unexpected '{bracket}'");
                }

                var expected = _open.Pop();
                if (expected != bracket)
                {
                    throw Error($"unexpected '{bracket}', expected '{expected}'");
                }

                break;
        }
    }

    private int BlockEnd(int at)
    {
        if (Matches(at, "-%}"))
        {
            return SkipSpace(at + 3);
        }

        if (Matches(at, "+%}"))
        {
            return at + 3;
        }

        return !Matches(at, "%}") ? -1 : at + 2 < _text.Length && _text[at + 2] == '\n' ? at + 3 : at + 2;
    }

    private int VariableEnd(int at) => Matches(at, "-}}") ? SkipSpace(at + 3) : Matches(at, "}}") ? at + 2 : -1;

    private bool Matches(int at, string word) => string.CompareOrdinal(_text, at, word, 0, word.Length) == 0;

    private int SkipSpace(int at)
    {
        while (at < _text.Length && PythonText.IsSpace(_text[at]))
        {
            at++;
        }

        return at;
    }

    private void Advance(int end)
    {
        _line += _text.AsSpan(_at, end - _at).Count('\n');
        _at = end;
    }

    private TemplateException UnexpectedCharacter()
    {
        var length = char.IsSurrogatePair(_text, _at) ? 2 : 1;
        var position = PythonText.CodePoints(_text.AsSpan(0, _at));
        return Error($"unexpected char {PythonText.Repr(_text.Substring(_at, length))} at {position}");
    }

    private TemplateException Error(string message) => new("TemplateSyntaxError", message, _line);
}
