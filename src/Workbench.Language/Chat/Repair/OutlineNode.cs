using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Chat.Repair;

/// <summary>What a part of a template's source is to the tagger.</summary>
internal enum OutlineKind
{
    /// <summary>Text between tags.</summary>
    Data,

    /// <summary><c>{{ … }}</c>.</summary>
    Output,

    /// <summary>A tag that writes nothing: set, break, continue, do.</summary>
    Silent,

    /// <summary>if, for and with: what their bodies write goes straight to the text.</summary>
    Block,

    /// <summary>
    /// macro, call, filter, set blocks and recursive loops: what their bodies write is collected first, and transformers
    /// then takes a wrong place for a span inside (huggingface/transformers, chat_template_utils.py).
    /// </summary>
    Buffered,
}

/// <summary>A part of a template's source.</summary>
/// <param name="kind">What it is.</param>
/// <param name="start">Where it begins in the normalised source.</param>
/// <param name="end">Where it ends, end tag included.</param>
/// <param name="text">The data as they are written, white space control applied; else empty.</param>
/// <param name="tokens">The tokens between the brackets of the (first) tag.</param>
/// <param name="bodies">The bodies of a block, one a branch.</param>
internal sealed class OutlineNode(
    OutlineKind kind, int start, int end, string text, IReadOnlyList<Token> tokens, IReadOnlyList<IReadOnlyList<OutlineNode>> bodies)
{
    public OutlineKind Kind { get; } = kind;

    public int Start { get; } = start;

    public int End { get; } = end;

    public string Text { get; } = text;

    public IReadOnlyList<Token> Tokens { get; } = tokens;

    public IReadOnlyList<IReadOnlyList<OutlineNode>> Bodies { get; } = bodies;

    /// <summary>The name of a for loop's variable; null for other blocks and for several variables at once.</summary>
    public string? LoopVariable => Tokens is [{ Text: "for" }, { Kind: TokenKind.Name } name, { Text: "in" }, ..] ? name.Text : null;

    /// <summary>This node and all below it.</summary>
    public IEnumerable<OutlineNode> Descendants => Bodies.SelectMany(body => body).SelectMany(node => node.Descendants).Prepend(this);
}
