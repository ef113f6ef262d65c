using System.Text.RegularExpressions;
using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Chat.Repair;

/// <summary>The structure of a template with the exact place of every tag, which the syntax tree does not keep.</summary>
internal sealed partial class TemplateOutline
{
    private static readonly string[] Branches = ["elif", "else"];

    private readonly Token[] _tokens;
    private int _next;

    private TemplateOutline(SourceText source)
    {
        Source = source.Text;
        _tokens = [.. new Lexer(source).Tokens()];
        Nodes = Body([]);
    }

    /// <summary>The source with its newlines normalised: what the places refer to.</summary>
    public string Source { get; }

    public IReadOnlyList<OutlineNode> Nodes { get; }

    /// <summary>Outlines a template that parses.</summary>
    public static TemplateOutline Of(string template) => new(new SourceText(template));

    private List<OutlineNode> Body(string[] ends)
    {
        var nodes = new List<OutlineNode>();
        while (_next < _tokens.Length)
        {
            var token = _tokens[_next];
            if (token.Kind == TokenKind.Data)
            {
                _next++;
                nodes.Add(Data(token));
            }
            else if (token.Kind == TokenKind.VariableBegin)
            {
                var (inner, end) = Tag(TokenKind.VariableEnd);
                nodes.Add(new OutlineNode(OutlineKind.Output, token.Offset, end, "", inner, []));
            }
            else if (ends.Contains(_tokens[_next + 1].Text))
            {
                break;
            }
            else
            {
                nodes.Add(Statement());
            }
        }

        return nodes;
    }

    /// <summary>Data; those of a raw block with the tags around them, which an expression in their place would not survive.</summary>
    private OutlineNode Data(Token token)
    {
        var (start, end) = (token.Offset, token.Offset + token.Text.Length);
        if (RawBefore().Match(Source, 0, start) is { Success: true } begin && RawBehind().Match(Source, end) is { Success: true } finish)
        {
            (start, end) = (begin.Index, finish.Index + finish.Length);
        }

        return new OutlineNode(OutlineKind.Data, start, end, token.Text, [], []);
    }

    [GeneratedRegex(@"\{%[-+]?\s*raw\s*-?%\}\s*\z", RegexOptions.RightToLeft)]
    private static partial Regex RawBefore();

    [GeneratedRegex(@"\G\s*\{%[-+]?\s*endraw\s*[-+]?%\}")]
    private static partial Regex RawBehind();

    private OutlineNode Statement()
    {
        var start = _tokens[_next].Offset;
        var (tag, end) = Tag(TokenKind.BlockEnd);
        var name = tag[0].Text;
        if (name is not ("if" or "for" or "with" or "macro" or "call" or "filter" or "generation" or "block" or "autoescape")
            && !(name == "set" && IsBlock(tag)))
        {
            return new OutlineNode(OutlineKind.Silent, start, end, "", tag, []);
        }

        var bodies = new List<IReadOnlyList<OutlineNode>>();
        string[] ends = ["end" + name, .. name is "if" or "for" ? Branches : []];
        string closing;
        do
        {
            bodies.Add(Body(ends));
            var (close, after) = Tag(TokenKind.BlockEnd);
            closing = close[0].Text;
            end = after;
        }
        while (Branches.Contains(closing));

        var straight = name is "if" or "with" || (name == "for" && !tag.Exists(token => token.IsName("recursive")));
        return new OutlineNode(straight ? OutlineKind.Block : OutlineKind.Buffered, start, end, "", tag, bodies);
    }

    /// <summary>The tokens inside the tag that begins here, and where the tag ends.</summary>
    private (List<Token> Inner, int End) Tag(TokenKind endKind)
    {
        var inner = new List<Token>();
        for (_next++; _tokens[_next].Kind != endKind; _next++)
        {
            inner.Add(_tokens[_next]);
        }

        var end = _tokens[_next++].Offset;
        return (inner, end + (Source[end] is '-' or '+' ? 3 : 2));
    }

    /// <summary><c>{% set x %}…{% endset %}</c>: no value is assigned in the tag itself.</summary>
    private static bool IsBlock(List<Token> tag)
    {
        var depth = 0;
        foreach (var token in tag)
        {
            depth += token.Kind switch
            {
                TokenKind.LeftParen or TokenKind.LeftBracket or TokenKind.LeftBrace => 1,
                TokenKind.RightParen or TokenKind.RightBracket or TokenKind.RightBrace => -1,
                _ => 0,
            };
            if (depth == 0 && token.Kind == TokenKind.Assign)
            {
                return false;
            }
        }

        return true;
    }
}
