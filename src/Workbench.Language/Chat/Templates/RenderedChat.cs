namespace Workbench.Language.Chat.Templates;

/// <summary>A rendered conversation.</summary>
public sealed record RenderedChat
{
    /// <summary>The text the model would read.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// What <c>{% generation %}</c> blocks wrote, as ranges of code points in <see cref="Text"/>; null unless
    /// <c>return_assistant_tokens_mask</c> was asked for.
    /// </summary>
    public IReadOnlyList<(int Start, int End)>? GenerationSpans { get; init; }

    /// <summary>Where every character came from; null unless asked for.</summary>
    public SourceMap? SourceMap { get; init; }

    /// <summary>What transformers would have logged.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
