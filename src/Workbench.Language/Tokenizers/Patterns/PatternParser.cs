using System.Globalization;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>
/// Reads Oniguruma's Ruby syntax, the dialect that tokenizer.json patterns are written in. Left out, because no
/// tokenizer can use them: capture references, conditionals, absence operators and subexpression calls.
/// </summary>
internal sealed partial class PatternParser
{
    private const int MaxNesting = 100;
    private const int MaxRepeat = 1000;

    private readonly string _text;
    private int _at;
    private int _depth;
    private Options _options;

    private PatternParser(string text) => _text = text;

    /// <exception cref="FormatException">The pattern is malformed or uses a construct that is not supported.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(CodePoints.WellFormed(pattern));
        var node = parser.ParseChoice();
        return parser._at == parser._text.Length ? node : throw parser.Error("unmatched )");
    }

    private readonly record struct Options(bool IgnoreCase, bool DotAll, bool Extended);

    private PatternNode ParseChoice()
    {
        if (++_depth > MaxNesting)
        {
            throw Error($"groups are nested more than {MaxNesting} deep");
        }

        var saved = _options;
        var branches = new List<PatternNode> { ParseSequence() };
        while (Peek('|'))
        {
            _at++;
            branches.Add(ParseSequence());
        }

        _options = saved;
        _depth--;
        return branches.Count == 1 ? branches[0] : new PatternNode.Choice(branches);
    }

    private PatternNode ParseSequence()
    {
        var items = new List<PatternNode>();
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
        {
            if (_options.Extended && SkipExtended())
            {
                continue;
            }

            if (ParseAtom() is { } atom)
            {
                items.Add(ParseQuantifiers(atom));
            }
        }

        return items.Count switch
        {
            0 => new PatternNode.Nothing(),
            1 => items[0],
            _ => new PatternNode.Sequence(items),
        };
    }

    private bool SkipExtended()
    {
        if (char.IsWhiteSpace(_text[_at]))
        {
            _at++;
            return true;
        }

        if (_text[_at] != '#')
        {
            return false;
        }

        while (_at < _text.Length && _text[_at] != '\n')
        {
            _at++;
        }

        return true;
    }

    private PatternNode? ParseAtom()
    {
        var c = _text[_at];
        switch (c)
        {
            case '(':
                return ParseGroup();
            case '[':
                _at++;
                return new PatternNode.Set(ParseClass());
            case '.':
                _at++;
                return new PatternNode.Set(_options.DotAll ? CharSet.Any : CharSet.Of(('\n', '\n')).Complement());
            case '^':
                _at++;
                return new PatternNode.Anchor(AnchorKind.LineStart);
            case '$':
                _at++;
                return new PatternNode.Anchor(AnchorKind.LineEnd);
            case '\\':
                return ParseEscape();
            case '*' or '+' or '?':
                throw Error($"nothing to repeat before {c}");
            default:
                return Literal(NextCodePoint());
        }
    }

    private PatternNode.Set Literal(int code)
    {
        var set = CharSet.Of((code, code));
        return new PatternNode.Set(_options.IgnoreCase ? set.WithOtherCases() : set);
    }

    private PatternNode? ParseGroup()
    {
        _at++;
        if (!Peek('?'))
        {
            return Close(ParseChoice());
        }

        _at++;
        if (Accept(":"))
        {
            return Close(ParseChoice());
        }

        if (Accept("="))
        {
            return new PatternNode.Look(Close(ParseChoice()), Behind: false, Negative: false);
        }

        if (Accept("!"))
        {
            return new PatternNode.Look(Close(ParseChoice()), Behind: false, Negative: true);
        }

        if (Accept("<="))
        {
            return new PatternNode.Look(Close(ParseChoice()), Behind: true, Negative: false);
        }

        if (Accept("<!"))
        {
            return new PatternNode.Look(Close(ParseChoice()), Behind: true, Negative: true);
        }

        if (Accept(">"))
        {
            return new PatternNode.Atomic(Close(ParseChoice()));
        }

        if (Accept("#"))
        {
            while (_at < _text.Length && _text[_at] != ')')
            {
                _at++;
            }

            return Close<PatternNode?>(null);
        }

        if (Accept("<") || Accept("P<") || Accept("'"))
        {
            // A named group: only its body matters here.
            while (_at < _text.Length && _text[_at] is not ('>' or '\''))
            {
                _at++;
            }

            _at++;
            return Close(ParseChoice());
        }

        return ParseOptions();
    }

    /// <summary><c>(?i:…)</c>, or <c>(?i)</c>, which holds to the end of the enclosing group.</summary>
    private PatternNode? ParseOptions()
    {
        var options = _options;
        var on = true;
        for (; _at < _text.Length && _text[_at] is not (':' or ')'); _at++)
        {
            options = _text[_at] switch
            {
                '-' => options,
                'i' => options with { IgnoreCase = on },
                'm' => options with { DotAll = on }, // Ruby's m is what others call s
                'x' => options with { Extended = on },
                _ => throw Error($"unknown group (?{_text[_at]}"),
            };
            on &= _text[_at] != '-';
        }

        if (Accept(":"))
        {
            var saved = _options;
            _options = options;
            var body = Close(ParseChoice());
            _options = saved;
            return body;
        }

        Close<PatternNode?>(null);
        _options = options;
        return Peek(')') || _at >= _text.Length ? null : ParseChoiceRest();
    }

    /// <summary>What follows <c>(?i)</c> forms a group of its own, alternatives included (Oniguruma's Ruby syntax).</summary>
    private PatternNode ParseChoiceRest()
    {
        var options = _options;
        var rest = ParseChoice();
        _options = options;
        return rest;
    }

    private PatternNode ParseQuantifiers(PatternNode atom)
    {
        while (_at < _text.Length)
        {
            var (min, max) = (0, -1);
            var interval = false;
            if (_text[_at] is '*' or '+' or '?')
            {
                (min, max) = _text[_at] switch { '*' => (0, -1), '+' => (1, -1), _ => (0, 1) };
                _at++;
            }
            else if (_text[_at] == '{' && TryInterval(out min, out max))
            {
                interval = true;
            }
            else
            {
                return atom;
            }

            var mode = RepeatMode.Greedy;
            if (Accept("?"))
            {
                mode = RepeatMode.Lazy;
            }
            else if (!interval && Accept("+"))
            {
                // In Ruby's syntax {n,m}+ is a repeated repetition, not a possessive one.
                mode = RepeatMode.Possessive;
            }

            atom = new PatternNode.Repeat(atom, min, max, mode);
        }

        return atom;
    }

    private bool TryInterval(out int min, out int max)
    {
        (min, max) = (0, 0);
        var close = _text.IndexOf('}', _at);
        if (close < 0)
        {
            return false;
        }

        var body = _text.AsSpan(_at + 1, close - _at - 1);
        var comma = body.IndexOf(',');
        var low = comma < 0 ? body : body[..comma];
        var high = comma < 0 ? body : body[(comma + 1)..];
        if ((low.IsEmpty && high.IsEmpty) || !Number(low, 0, out min) || !Number(high, -1, out max))
        {
            return false;
        }

        if (min > MaxRepeat || max > MaxRepeat)
        {
            throw Error($"a repetition of more than {MaxRepeat}");
        }

        if (max >= 0 && min > max)
        {
            throw Error($"the repetition {{{body}}} counts down");
        }

        _at = close + 1;
        return true;

        static bool Number(ReadOnlySpan<char> digits, int missing, out int value)
        {
            value = missing;
            return digits.IsEmpty || int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        }
    }

    private T Close<T>(T node)
    {
        if (!Accept(")"))
        {
            throw Error("a group is not closed");
        }

        return node;
    }

    private bool Peek(char c) => _at < _text.Length && _text[_at] == c;

    private bool Accept(string expected)
    {
        if (string.CompareOrdinal(_text, _at, expected, 0, expected.Length) != 0)
        {
            return false;
        }

        _at += expected.Length;
        return true;
    }

    private int NextCodePoint()
    {
        if (_at >= _text.Length)
        {
            throw Error("it ends too early");
        }

        var code = CodePoints.At(_text, _at);
        _at += CodePoints.LengthAt(_text, _at);
        return code;
    }

    private FormatException Error(string problem) => new($"{problem} (at character {_at} of the pattern)");
}
