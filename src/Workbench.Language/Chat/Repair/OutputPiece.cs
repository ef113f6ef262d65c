using System.Text;
using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Chat.Repair;

/// <summary>What a template writes in one piece: data, or an operand of the sum in <c>{{ … }}</c>.</summary>
/// <param name="node">The data or output that it belongs to.</param>
/// <param name="source">The operand as it is written; empty for data.</param>
/// <param name="constant">What it writes, where that is always the same.</param>
/// <param name="operator">What joins it to the operand before it; empty for the first.</param>
internal sealed class OutputPiece(OutlineNode node, string source, string? constant, string @operator)
{
    public OutlineNode Node { get; } = node;

    public string Source { get; } = source;

    public string? Constant { get; } = constant;

    public string Operator { get; } = @operator;

    /// <summary>The pieces of a data or output node.</summary>
    public static List<OutputPiece> Of(OutlineNode node, string source)
    {
        if (node.Kind == OutlineKind.Data)
        {
            return [new OutputPiece(node, "", node.Text, "")];
        }

        var tokens = Unwrapped(node.Tokens);
        var joint = Joint(tokens);
        var pieces = new List<OutputPiece>();
        var (first, depth) = (0, 0);
        for (var i = 0; i <= tokens.Count; i++)
        {
            depth += i < tokens.Count ? Step(tokens[i]) : 0;
            if (i < tokens.Count && (depth > 0 || tokens[i].Kind != joint))
            {
                continue;
            }

            var end = i < tokens.Count ? tokens[i].Offset : EndOf(node, tokens, source);
            var operand = source[tokens[first].Offset..end].TrimEnd();
            var constant = i == first + 1 && tokens[first].Kind == TokenKind.String ? tokens[first].Text : null;
            pieces.Add(new OutputPiece(node, operand, constant, first == 0 ? "" : joint == TokenKind.Add ? " + " : " ~ "));
            first = i + 1;
        }

        return pieces;
    }

    /// <summary>A text as a literal of the template language.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("'");
        foreach (var c in text)
        {
            literal.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '\'' => "\\'", '\\' => "\\\\", _ => c.ToString() });
        }

        return literal.Append('\'').ToString();
    }

    /// <summary>The operator of the outermost sum; null-like where something binds looser than a sum.</summary>
    private static TokenKind Joint(IReadOnlyList<Token> tokens)
    {
        var (depth, joint) = (0, TokenKind.End);
        foreach (var token in tokens)
        {
            depth += Step(token);
            if (depth > 0)
            {
                continue;
            }

            if (token is { Kind: TokenKind.Name, Text: "if" or "else" or "and" or "or" or "not" or "in" or "is" }
                || token.Kind is TokenKind.Sub or TokenKind.Comma or TokenKind.Eq or TokenKind.Ne or TokenKind.Lt or TokenKind.LtEq or TokenKind.Gt or TokenKind.GtEq)
            {
                return TokenKind.End;
            }

            // A sum binds looser than "~".
            joint = token.Kind == TokenKind.Add || (token.Kind == TokenKind.Tilde && joint == TokenKind.End) ? token.Kind : joint;
        }

        return joint;
    }

    /// <summary>The tokens without parentheses around all of them.</summary>
    private static IReadOnlyList<Token> Unwrapped(IReadOnlyList<Token> tokens)
    {
        while (tokens.Count > 2 && tokens[0].Kind == TokenKind.LeftParen)
        {
            var depth = 0;
            var close = tokens.TakeWhile(token => (depth += Step(token)) > 0).Count();
            if (close != tokens.Count - 1)
            {
                break;
            }

            tokens = [.. tokens.Skip(1).SkipLast(1)];
        }

        return tokens;
    }

    private static int EndOf(OutlineNode node, IReadOnlyList<Token> tokens, string source)
    {
        if (ReferenceEquals(tokens, node.Tokens))
        {
            return node.End - (source[node.End - 3] == '-' ? 3 : 2);
        }

        var last = node.Tokens.TakeWhile(token => !ReferenceEquals(token, tokens[^1])).Count();
        return node.Tokens[last + 1].Offset;
    }

    private static int Step(Token token) => token.Kind switch
    {
        TokenKind.LeftParen or TokenKind.LeftBracket or TokenKind.LeftBrace => 1,
        TokenKind.RightParen or TokenKind.RightBracket or TokenKind.RightBrace => -1,
        _ => 0,
    };
}
