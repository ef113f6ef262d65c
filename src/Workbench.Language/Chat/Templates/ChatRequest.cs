using System.Text.Json;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Chat.Templates;

/// <summary>
/// What is rendered: the arguments of transformers' <c>apply_chat_template</c>. A request may be rendered any number of
/// times and by several threads; its JSON is converted once.
/// </summary>
public sealed record ChatRequest
{
    private readonly ConvertedVariables converted = new();

    /// <summary>The conversation: an array of messages.</summary>
    public required JsonElement Messages { get; init; }

    /// <summary>JSON schemas of tools; null for none.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Documents with title and text; null for none.</summary>
    public JsonElement? Documents { get; init; }

    /// <summary>
    /// An object of further arguments: <c>add_generation_prompt</c>, <c>continue_final_message</c> (true, or the name of the
    /// field to continue) and <c>return_assistant_tokens_mask</c> as in transformers; anything else is a template variable.
    /// </summary>
    public JsonElement? Kwargs { get; init; }

    /// <summary>Template variables of the tokenizer, such as <c>bos_token</c>; <see cref="Kwargs"/> win over them.</summary>
    public IReadOnlyDictionary<string, string?>? SpecialTokens { get; init; }

    /// <summary>What <c>strftime_now</c> takes for the present; the local time of the rendering where null.</summary>
    public DateTime? Now { get; init; }

    /// <exception cref="Jinja.PythonError">The arguments are of types that Python would refuse.</exception>
    internal ChatVariables Variables(bool withOrigins) => converted.Get(this, withOrigins);

    internal static Value ConvertOptional(JsonElement? element, FieldOrigin? origin) =>
        element is { } json && json.ValueKind != JsonValueKind.Undefined ? JsonValues.Convert(json, origin) : NoneValue.Instance;

    /// <summary>The converted arguments; they belong to one request only, and are no part of its value.</summary>
    private sealed class ConvertedVariables : IEquatable<ConvertedVariables>
    {
        private (ChatRequest Owner, ChatVariables Variables)? plain;
        private (ChatRequest Owner, ChatVariables Variables)? traced;

        public ChatVariables Get(ChatRequest owner, bool withOrigins)
        {
            lock (this)
            {
                // A copy made by "with" shares this object; whoever asks last owns it.
                ref var slot = ref withOrigins ? ref traced : ref plain;
                if (slot is not { } known || !ReferenceEquals(known.Owner, owner))
                {
                    slot = (owner, new ChatVariables(owner, withOrigins));
                }

                return slot.Value.Variables;
            }
        }

        public bool Equals(ConvertedVariables? other) => other is not null;

        public override bool Equals(object? obj) => obj is ConvertedVariables;

        public override int GetHashCode() => 0;
    }
}
