using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Parsing;

/// <summary>
/// Recursive descent over the token stream, with Jinja2's grammar, messages and line numbers. Nesting is counted in frames
/// of Python's own parser, so that a template too deep for Python is too deep here, and no depth reaches the stack's end.
/// </summary>
internal sealed partial class Parser
{
    /// <summary>Expression levels that Python's code generator survives.</summary>
    private const int MaxExpressionDepth = 330;

    private readonly TokenStream stream;
    private readonly int maxFrames;
    private readonly Stack<string> tags = new();
    private readonly List<string[]> endTags = [];
    private int frames;

    private Parser(SourceText source, int maxFrames)
    {
        stream = new TokenStream(new Lexer(source).Tokens());
        this.maxFrames = maxFrames;
    }

    public static IReadOnlyList<Statement> Parse(SourceText source, int maxFrames) => new Parser(source, maxFrames).Body(null);

    private Token Current => stream.Current;

    private static PythonError Fail(string message, int line) => PythonError.Syntax(message, line);

    private static string Quote(string text) => new StringValue(text).Repr();

    /// <summary>Statements up to one of the end tags, which stays current; null reads to the end.</summary>
    private List<Statement> Body(string[]? ends)
    {
        var body = new List<Statement>();
        var output = new List<Expression>();
        if (ends is not null)
        {
            endTags.Add(ends);
        }

        void Flush()
        {
            if (output.Count > 0)
            {
                body.Add(new OutputStatement(output, output[0].Line));
                output = [];
            }
        }

        while (Current.Kind != TokenKind.End)
        {
            switch (Current.Kind)
            {
                case TokenKind.Data:
                    var data = stream.Next();
                    output.Add(new DataExpression(data.Text, data.Line, data.Offset));
                    break;
                case TokenKind.VariableBegin:
                    stream.Next();
                    output.Add(TupleOrExpression());
                    stream.Expect(TokenKind.VariableEnd);
                    break;
                default:
                    Flush();
                    stream.Next();
                    if (ends is not null && Current.Kind == TokenKind.Name && Array.IndexOf(ends, Current.Text) >= 0)
                    {
                        endTags.RemoveAt(endTags.Count - 1);
                        return body;
                    }

                    body.Add(Statement());
                    stream.Expect(TokenKind.BlockEnd);
                    break;
            }
        }

        Flush();
        if (ends is not null)
        {
            endTags.RemoveAt(endTags.Count - 1);
        }

        return body;
    }

    /// <summary>The body of a tag whose head has just been read; the end tag stays current unless it is dropped.</summary>
    private List<Statement> Statements(string[] ends, bool drop = false)
    {
        stream.SkipIf(TokenKind.Colon);
        stream.Expect(TokenKind.BlockEnd);
        Enter(4);
        var body = Body(ends);
        Leave(4);
        if (Current.Kind == TokenKind.End)
        {
            endTags.Add(ends);
            throw UnexpectedTag(null, Current.Line);
        }

        if (drop)
        {
            stream.Next();
        }

        return body;
    }

    private PythonError UnexpectedTag(string? name, int line)
    {
        var message = name is null ? "Unexpected end of template." : $"Encountered unknown tag {Quote(name)}.";
        if (endTags.Count > 0)
        {
            var looking = string.Join(" or ", endTags[^1].Select(Quote));
            message += name is not null && endTags.Exists(ends => ends.Contains(name))
                ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {looking}."
                : $" Jinja was looking for the following tags: {looking}.";
        }

        if (tags.Count > 0)
        {
            message += $" The innermost block that needs to be closed is {Quote(tags.Peek())}.";
        }

        return Fail(message, line);
    }

    private void Enter(int count)
    {
        frames += count;
        if (frames > maxFrames)
        {
            throw PythonError.Recursion();
        }

        Recursion.CheckStack();
    }

    private void Leave(int count) => frames -= count;

    private static T Checked<T>(T expression)
        where T : Expression
    {
        if (expression.Depth > MaxExpressionDepth)
        {
            throw PythonError.Recursion();
        }

        return expression;
    }
}
