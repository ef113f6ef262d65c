namespace Workbench.Language.Chat.Masks;

/// <summary>Which tokens of a conversation are trained.</summary>
public enum TrainOn
{
    /// <summary>Everything that the assistant says, in every turn.</summary>
    Assistant,

    /// <summary>What the assistant says in its last turn.</summary>
    LastTurn,

    /// <summary>Every token, as in pretraining.</summary>
    All,

    /// <summary>What the template's <c>{% generation %}</c> tags enclose: transformers' assistant mask.</summary>
    GenerationTags,
}

/// <summary>Choices of the mask.</summary>
public sealed record MaskOptions
{
    public static MaskOptions Default { get; } = new();

    public TrainOn Train { get; init; } = TrainOn.Assistant;

    /// <summary>Train on what the assistant thinks (<c>reasoning_content</c>, <c>thinking</c>).</summary>
    public bool Reasoning { get; init; } = true;

    /// <summary>Train on tool calls.</summary>
    public bool ToolCalls { get; init; } = true;

    /// <summary>
    /// Whether special tokens that messages, tools or documents spell out count as special. True reproduces transformers.
    /// False for data that may be hostile: what the template writes is still recognised, data stay text.
    /// </summary>
    public bool RecognizeSpecialTokens { get; init; } = true;

    /// <summary>The choice by its name on the command line: <c>assistant</c>, <c>last-turn</c>, <c>all</c>, <c>generation-tags</c>.</summary>
    /// <exception cref="ArgumentException">No choice has that name.</exception>
    public static TrainOn ParseTrain(string name) => name switch
    {
        "assistant" => TrainOn.Assistant,
        "last-turn" => TrainOn.LastTurn,
        "all" => TrainOn.All,
        "generation-tags" => TrainOn.GenerationTags,
        _ => throw new ArgumentException($"\"{name}\" is none of assistant, last-turn, all, generation-tags.", nameof(name)),
    };
}
