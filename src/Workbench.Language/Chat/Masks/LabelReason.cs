namespace Workbench.Language.Chat.Masks;

/// <summary>Why a token is trained or not.</summary>
public enum LabelKind
{
    /// <summary>Text that the template writes around the messages: headers, separators, system prompts of its own.</summary>
    Template,

    /// <summary>What another role says: system, user, tool.</summary>
    OtherRole,

    /// <summary>What the assistant says.</summary>
    AssistantContent,

    /// <summary>What the assistant thinks.</summary>
    Reasoning,

    /// <summary>A tool call of the assistant, with the syntax around it.</summary>
    ToolCall,

    /// <summary>Template text inside the assistant's turn, which the model has to write itself.</summary>
    AssistantSyntax,

    /// <summary>The token that ends the assistant's turn.</summary>
    EndOfTurn,

    /// <summary>The assistant's, but switched off: an earlier turn, reasoning, tool calls, or <c>train: false</c>.</summary>
    SwitchedOff,

    /// <summary>The prompt of a prompt and completion pair.</summary>
    Prompt,

    /// <summary>The completion of a prompt and completion pair.</summary>
    Completion,

    /// <summary>A special token that tokenizing added.</summary>
    Added,
}

/// <summary>Why one token is trained or not.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Trained">Whether the token is trained.</param>
/// <param name="MessageIndex">The message behind it, where there is one.</param>
public readonly record struct LabelReason(LabelKind Kind, bool Trained, int? MessageIndex)
{
    /// <summary>The reason in a short sentence.</summary>
    public string Sentence => (Kind, Trained) switch
    {
        (LabelKind.Template, false) => "Not trained: the template writes this, the model never has to.",
        (LabelKind.OtherRole, false) => $"Not trained: message {MessageIndex} is not the assistant's.",
        (LabelKind.AssistantContent, true) => $"Trained: the assistant says this in message {MessageIndex}.",
        (LabelKind.Reasoning, true) => $"Trained: the assistant thinks this in message {MessageIndex}.",
        (LabelKind.ToolCall, true) => $"Trained: a tool call of message {MessageIndex}.",
        (LabelKind.AssistantSyntax, true) => $"Trained: the template's text inside message {MessageIndex}, which the model has to write itself.",
        (LabelKind.EndOfTurn, true) => $"Trained: ends message {MessageIndex}; without it the model never learns to stop.",
        (LabelKind.SwitchedOff, false) => $"Not trained: switched off for message {MessageIndex} by the options or its own train flag.",
        (LabelKind.Prompt, false) => "Not trained: the prompt.",
        (LabelKind.Completion, true) => "Trained: the completion.",
        (LabelKind.Added, false) => "Not trained: added by the tokenizer.",
        (_, true) => "Trained: the chosen mask holds this token.",
        _ => "Not trained: the chosen mask leaves this token out.",
    };
}
