using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Jinja.Parsing;

/// <summary>The current token and one of lookahead over the lazy lexer.</summary>
internal sealed class TokenStream
{
    private readonly IEnumerator<Token> tokens;
    private Token? ahead;

    public TokenStream(IEnumerable<Token> tokens)
    {
        this.tokens = tokens.GetEnumerator();
        Current = Read(1);
    }

    public Token Current { get; private set; }

    /// <summary>Steps on and returns the token left behind.</summary>
    public Token Next()
    {
        var passed = Current;
        if (ahead is not null)
        {
            (Current, ahead) = (ahead, null);
        }
        else if (Current.Kind != TokenKind.End)
        {
            Current = Read(Current.Line);
        }

        return passed;
    }

    public Token Look() => ahead ??= Current.Kind == TokenKind.End ? Current : Read(Current.Line);

    public bool SkipIf(TokenKind kind)
    {
        if (Current.Kind != kind)
        {
            return false;
        }

        Next();
        return true;
    }

    public bool SkipIfName(string name)
    {
        if (!Current.IsName(name))
        {
            return false;
        }

        Next();
        return true;
    }

    public Token Expect(TokenKind kind) => Current.Kind == kind ? Next() : throw Unexpected(TokenNames.Describe(kind));

    public Token ExpectName(string name) => Current.IsName(name) ? Next() : throw Unexpected(name);

    private PythonError Unexpected(string expected)
    {
        var wanted = new Values.StringValue(expected).Repr();
        return Current.Kind == TokenKind.End
            ? PythonError.Syntax($"unexpected end of template, expected {wanted}.", Current.Line)
            : PythonError.Syntax($"expected token {wanted}, got {new Values.StringValue(Current.Describe()).Repr()}", Current.Line);
    }

    private Token Read(int line) => tokens.MoveNext() ? tokens.Current : new Token(TokenKind.End, "", line, int.MaxValue);
}
