using System.Globalization;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>Escapes and bracketed classes.</summary>
internal sealed partial class PatternParser
{
    private PatternNode ParseEscape()
    {
        _at++;
        switch (_at < _text.Length ? _text[_at] : '\0')
        {
            case 'A':
                return Anchor(AnchorKind.TextStart);
            case 'z':
                return Anchor(AnchorKind.TextEnd);
            case 'Z':
                return Anchor(AnchorKind.TextEndOrLastNewline);
            case 'b':
                return Anchor(AnchorKind.WordBoundary);
            case 'B':
                return Anchor(AnchorKind.NotWordBoundary);
            case 'G':
                return Anchor(AnchorKind.SearchStart);
            case 'R':
                _at++;
                return new PatternNode.Atomic(new PatternNode.Choice([
                    new PatternNode.Sequence([Literal('\r'), Literal('\n')]),
                    new PatternNode.Set(CharSet.Of((0x0A, 0x0D), (0x85, 0x85), (0x2028, 0x2029))),
                ]));
            case 'X' or 'K' or 'k' or 'g' or (>= '1' and <= '9'):
                throw Error($"\\{_text[_at]} is not supported");
        }

        if (TryNamedClass(inBrackets: false) is { } set)
        {
            return new PatternNode.Set(set);
        }

        return Literal(EscapedCodePoint(inClass: false));
    }

    private PatternNode.Anchor Anchor(AnchorKind kind)
    {
        _at++;
        return new PatternNode.Anchor(kind);
    }

    /// <summary><c>\s</c>, <c>\p{…}</c> and the like, after the backslash.</summary>
    private CharSet? TryNamedClass(bool inBrackets)
    {
        if (_at >= _text.Length)
        {
            throw Error("it ends in a backslash");
        }

        var c = _text[_at];
        switch (c)
        {
            case 's' or 'S' or 'w' or 'W' or 'd' or 'D' or 'h' or 'H':
                _at++;
                var set = char.ToLowerInvariant(c) switch
                {
                    's' => NamedSets.Space,
                    'w' => inBrackets ? NamedSets.WordInBrackets : NamedSets.Word,
                    'd' => NamedSets.Digit,
                    _ => NamedSets.HexDigit,
                };
                return char.IsUpper(c) ? set.Complement() : set;
            case 'p' or 'P':
                return ParseProperty(negative: c == 'P');
            default:
                return null;
        }
    }

    private CharSet ParseProperty(bool negative)
    {
        _at++;
        string name;
        if (Peek('{'))
        {
            var close = _text.IndexOf('}', _at);
            if (close < 0)
            {
                throw Error("\\p{ is not closed");
            }

            name = _text[(_at + 1)..close];
            _at = close + 1;
        }
        else
        {
            name = char.ConvertFromUtf32(NextCodePoint());
        }

        if (name.StartsWith('^'))
        {
            negative = !negative;
            name = name[1..];
        }

        if (name.Split('=') is [var key, var value] && key is "Script" or "sc" or "General_Category" or "gc" or "Script_Extensions" or "scx")
        {
            name = value;
        }

        var set = NamedSets.Find(name) ?? throw Error($"unknown character property {name}");
        return negative ? set.Complement() : set;
    }

    /// <summary>After the <c>[</c>, up to and including the <c>]</c>.</summary>
    private CharSet ParseClass()
    {
        if (++_depth > MaxNesting)
        {
            throw Error($"classes are nested more than {MaxNesting} deep");
        }

        var negative = Accept("^");
        var ranges = new List<(int First, int Last)>();
        CharSet? intersection = null;
        var first = true;
        while (true)
        {
            if (_at >= _text.Length)
            {
                throw Error("a class is not closed with ]");
            }

            if (_text[_at] == ']' && !first)
            {
                _at++;
                break;
            }

            first = false;
            if (Accept("&&"))
            {
                intersection = Intersected();
                ranges.Clear();
                continue;
            }

            if (ClassItem() is { } set)
            {
                ranges.AddRange(set.Ranges);
            }
            else
            {
                ranges.Add(ClassRange());
            }
        }

        _depth--;
        var result = Intersected();
        if (_options.IgnoreCase)
        {
            result = result.WithOtherCases();
        }

        return negative ? result.Complement() : result;

        CharSet Intersected()
        {
            var set = CharSet.Of([.. ranges]);
            return intersection is null ? set : intersection.Intersect(set);
        }
    }

    /// <summary>A class inside a class; null where a plain character comes next.</summary>
    private CharSet? ClassItem()
    {
        if (Accept("[:"))
        {
            var close = _text.IndexOf(":]", _at, StringComparison.Ordinal);
            if (close < 0)
            {
                throw Error("[: is not closed");
            }

            var negative = Accept("^");
            var name = _text[_at..close];
            _at = close + 2;
            // POSIX punct counts symbols too, \p{Punct} does not.
            var set = name == "punct" ? NamedSets.Find("P")!.Union(NamedSets.Find("S")!)
                : NamedSets.Find(name) ?? throw Error($"unknown class [:{name}:]");
            return negative ? set.Complement() : set;
        }

        if (Accept("["))
        {
            return ParseClass();
        }

        if (!Peek('\\'))
        {
            return null;
        }

        _at++;
        var named = TryNamedClass(inBrackets: true);
        if (named is null)
        {
            _at--;
        }

        return named;
    }

    private (int First, int Last) ClassRange()
    {
        var first = ClassCharacter();
        if (_at + 1 >= _text.Length || _text[_at] != '-' || _text[_at + 1] is ']' or '[')
        {
            return (first, first);
        }

        if (_text[_at + 1] == '\\' && _at + 2 < _text.Length && "sSwWdDhHpP".Contains(_text[_at + 2], StringComparison.Ordinal))
        {
            return (first, first); // [a-\s]: the hyphen stands for itself
        }

        _at++;
        var last = ClassCharacter();
        return first <= last ? (first, last) : throw Error("a range in a class runs backwards");
    }

    private int ClassCharacter()
    {
        if (!Peek('\\'))
        {
            return NextCodePoint();
        }

        _at++;
        return EscapedCodePoint(inClass: true);
    }

    /// <summary>The character behind a backslash that names one.</summary>
    private int EscapedCodePoint(bool inClass)
    {
        var code = NextCodePoint();
        return code switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => 0x1B,
            'b' when inClass => '\b',
            'x' when Peek('{') => BracedHex(),
            'x' => Hex(2, exact: false),
            'u' => Hex(4, exact: true),
            '0' => Octal(),
            (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => throw Error($"\\{(char)code} is not supported"),
            _ => code,
        };
    }

    private int BracedHex()
    {
        var close = _text.IndexOf('}', _at);
        if (close < 0 || !int.TryParse(_text.AsSpan(_at + 1, close - _at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code is < 0 or > 0x10FFFF)
        {
            throw Error("\\x{…} is no code point");
        }

        _at = close + 1;
        return code;
    }

    private int Hex(int digits, bool exact)
    {
        var start = _at;
        while (_at < _text.Length && _at - start < digits && char.IsAsciiHexDigit(_text[_at]))
        {
            _at++;
        }

        if (exact && _at - start < digits)
        {
            throw Error("\\u needs four hexadecimal digits");
        }

        return _at == start ? 0 : int.Parse(_text.AsSpan(start, _at - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private int Octal()
    {
        var value = 0;
        for (var digits = 0; digits < 2 && _at < _text.Length && _text[_at] is >= '0' and <= '7'; digits++, _at++)
        {
            value = (value * 8) + (_text[_at] - '0');
        }

        return value;
    }
}
