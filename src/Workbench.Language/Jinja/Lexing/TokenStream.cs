using Workbench.Language.Chat.Templates;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Lexing;

/// <summary>
/// The parser's view of the tokens: the current one, one looked ahead. Tokens are read only when wanted, so that a
/// parser's complaint comes before a lexer's complaint about later text, as in Jinja2.
/// </summary>
internal sealed class TokenStream
{
    private readonly Lexer _lexer;
    private Token? _pushed;

    public TokenStream(Lexer lexer)
    {
        _lexer = lexer;
        Current = new Token(1, 0, TokenType.Initial, "");
        Next();
    }

    public Token Current { get; private set; }

    public bool AtEnd => Current.Type == TokenType.EndOfFile;

    /// <summary>Moves on; returns the token that was current.</summary>
    public Token Next()
    {
        var token = Current;
        if (_pushed is { } pushed)
        {
            _pushed = null;
            Current = pushed;
        }
        else if (!AtEnd)
        {
            Current = _lexer.Read() ?? new Token(token.Line, token.Offset, TokenType.EndOfFile, "");
        }

        return token;
    }

    /// <summary>The token after the current one.</summary>
    public Token Look()
    {
        var old = Next();
        var result = Current;
        _pushed = result;
        Current = old;
        return result;
    }

    public bool Is(string type) => Current.Type == type;

    public bool IsName(string name) => Current.IsName(name);

    /// <summary>Moves on where the current token is of that type.</summary>
    public bool SkipIf(string type)
    {
        var matches = Is(type);
        if (matches)
        {
            Next();
        }

        return matches;
    }

    /// <summary>Moves on where the current token is that word.</summary>
    public bool SkipIfName(string name)
    {
        var matches = IsName(name);
        if (matches)
        {
            Next();
        }

        return matches;
    }

    public Token Expect(string type) => Is(type) ? Next() : throw Unexpected(TokenType.Describe(type));

    public Token ExpectName(string name) => IsName(name) ? Next() : throw Unexpected(name);

    private TemplateException Unexpected(string wanted)
    {
        wanted = PythonText.Repr(wanted);
        return new TemplateException(
            "TemplateSyntaxError",
            AtEnd
                ? $"unexpected end of template, expected {wanted}."
                : $"expected token {wanted}, got {PythonText.Repr(Current.Describe())}",
            Current.Line);
    }
}
