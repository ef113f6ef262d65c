namespace Workbench.Language.Jinja.Lexing;

/// <summary>One token of a template.</summary>
/// <param name="Line">One-based line.</param>
/// <param name="Offset">UTF-16 position in the newline-normalised source.</param>
/// <param name="Type">One of <see cref="TokenType"/>, or the operator itself.</param>
/// <param name="Text">Template data, a name, or a string literal with its escapes resolved.</param>
/// <param name="Number">The value of an integer (<see cref="System.Numerics.BigInteger"/>) or float (<see cref="double"/>).</param>
internal readonly record struct Token(int Line, int Offset, string Type, string Text, object? Number = null)
{
    public bool IsName(string name) => Type == TokenType.Name && Text == name;

    /// <summary>The word Jinja2's messages use for this token.</summary>
    public string Describe() => Type == TokenType.Name ? Text : TokenType.Describe(Type);
}

/// <summary>Kinds of tokens besides operators, which stand for themselves; the names are Jinja2's.</summary>
internal static class TokenType
{
    public const string Initial = "initial";
    public const string Data = "data";
    public const string Name = "name";
    public const string String = "string";
    public const string Integer = "integer";
    public const string Float = "float";
    public const string BlockBegin = "block_begin";
    public const string BlockEnd = "block_end";
    public const string VariableBegin = "variable_begin";
    public const string VariableEnd = "variable_end";
    public const string EndOfFile = "eof";

    public static string Describe(string type) => type switch
    {
        BlockBegin => "begin of statement block",
        BlockEnd => "end of statement block",
        VariableBegin => "begin of print statement",
        VariableEnd => "end of print statement",
        Data => "template data / text",
        EndOfFile => "end of template",
        _ => type,
    };
}
