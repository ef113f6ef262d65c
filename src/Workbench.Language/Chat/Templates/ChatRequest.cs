using System.Text.Json;

namespace Workbench.Language.Chat.Templates;

/// <summary>What <c>apply_chat_template</c> is called with.</summary>
public sealed record ChatRequest
{
    /// <summary>The conversation: an array of message objects.</summary>
    public required JsonElement Messages { get; init; }

    /// <summary>JSON schemas of the tools; null or JSON null where there are none.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Documents for retrieval; null or JSON null where there are none.</summary>
    public JsonElement? Documents { get; init; }

    /// <summary>
    /// <c>add_generation_prompt</c>, <c>continue_final_message</c> (a boolean or a field's name),
    /// <c>return_assistant_tokens_mask</c>; everything else becomes a variable of the template.
    /// </summary>
    public JsonElement? Kwargs { get; init; }

    /// <summary>The tokenizer's special tokens by name (<c>bos_token</c> …); <see cref="Kwargs"/> win over them.</summary>
    public IReadOnlyDictionary<string, string?>? SpecialTokens { get; init; }

    /// <summary>The clock of <c>strftime_now</c>; null is the machine's local time.</summary>
    public DateTime? Now { get; init; }
}
