using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Lexing;

internal enum TokenKind
{
    Data,
    BlockBegin,
    BlockEnd,
    VariableBegin,
    VariableEnd,
    Name,
    String,
    Integer,
    Float,
    Add,
    Assign,
    Colon,
    Comma,
    Div,
    Dot,
    Eq,
    FloorDiv,
    Gt,
    GtEq,
    LeftBrace,
    LeftBracket,
    LeftParen,
    Lt,
    LtEq,
    Mod,
    Mul,
    Ne,
    Pipe,
    Pow,
    RightBrace,
    RightBracket,
    RightParen,
    Semicolon,
    Sub,
    Tilde,
    End,
}

/// <summary>One token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Name, operator, data, or the decoded string literal.</param>
/// <param name="Line">Line as Jinja2 counts it; errors report it.</param>
/// <param name="Offset">Where it begins in the normalised source.</param>
/// <param name="Number">Value of an integer or float literal.</param>
internal sealed record Token(TokenKind Kind, string Text, int Line, int Offset, Value? Number = null)
{
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>How error messages call this token.</summary>
    public string Describe() => Kind == TokenKind.Name ? Text : TokenNames.Describe(Kind);
}

/// <summary>Operators, and the words that Jinja2's messages use for kinds of tokens.</summary>
internal static class TokenNames
{
    /// <summary>Longest first, so that the first that fits is the right one.</summary>
    public static readonly (string Text, TokenKind Kind)[] Operators =
    [
        ("//", TokenKind.FloorDiv), ("**", TokenKind.Pow), ("==", TokenKind.Eq), ("!=", TokenKind.Ne), (">=", TokenKind.GtEq),
        ("<=", TokenKind.LtEq), ("+", TokenKind.Add), ("-", TokenKind.Sub), ("/", TokenKind.Div), ("*", TokenKind.Mul),
        ("%", TokenKind.Mod), ("~", TokenKind.Tilde), ("[", TokenKind.LeftBracket), ("]", TokenKind.RightBracket),
        ("(", TokenKind.LeftParen), (")", TokenKind.RightParen), ("{", TokenKind.LeftBrace), ("}", TokenKind.RightBrace),
        (">", TokenKind.Gt), ("<", TokenKind.Lt), ("=", TokenKind.Assign), (".", TokenKind.Dot), (":", TokenKind.Colon),
        ("|", TokenKind.Pipe), (",", TokenKind.Comma), (";", TokenKind.Semicolon),
    ];

    public static string Describe(TokenKind kind) => kind switch
    {
        TokenKind.BlockBegin => "begin of statement block",
        TokenKind.BlockEnd => "end of statement block",
        TokenKind.VariableBegin => "begin of print statement",
        TokenKind.VariableEnd => "end of print statement",
        TokenKind.Data => "template data / text",
        TokenKind.End => "end of template",
        TokenKind.Name => "name",
        TokenKind.String => "string",
        TokenKind.Integer => "integer",
        TokenKind.Float => "float",
        _ => Array.Find(Operators, entry => entry.Kind == kind).Text,
    };
}
