namespace Workbench.Language.Chat.Templates;

/// <summary>What a template made of a conversation.</summary>
public sealed record RenderedChat
{
    /// <summary>The rendered text.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// Spans written inside <c>{% generation %}</c>, in code points of <see cref="Text"/> as transformers counts them; null
    /// unless the request asked for <c>return_assistant_tokens_mask</c>.
    /// </summary>
    public IReadOnlyList<(int Start, int End)>? GenerationSpans { get; init; }

    /// <summary>Origin of every character; null unless <see cref="RenderOptions.SourceMap"/> was set.</summary>
    public SourceMap? SourceMap { get; init; }

    /// <summary>What transformers would have logged.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
