using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services;

/// <summary>A conversation to ids and labels, as training sees it: what <c>workbench mask</c> and POST /api/mask do with one input.</summary>
/// <param name="Tokenizer">The model's.</param>
/// <param name="Template">A template in place of the model's own.</param>
/// <param name="Options">What is trained.</param>
/// <param name="Details">Whether each token's reason, both masks and the places of the findings are wanted, too.</param>
internal sealed record Masking(PretrainedTokenizer Tokenizer, string? Template, MaskOptions Options, bool Details = false)
{
    /// <summary>
    /// Writes <c>{"input_ids","labels","assistant_masks","rendered","warnings"}</c>, with details also
    /// <c>"provenance_masks","reasons","findings"</c>.
    /// </summary>
    public void Write(JsonElement input, Utf8JsonWriter json, CancellationToken cancellationToken)
    {
        var masked = Mask(input, cancellationToken);
        json.WriteStartObject();
        JsonArrays.Write(json, "input_ids", masked.InputIds);
        JsonArrays.Write(json, "labels", masked.Labels);
        JsonArrays.Write(json, "assistant_masks", masked.AssistantMasks);
        json.WriteString("rendered", masked.Rendered);
        json.WriteStartArray("warnings");
        foreach (var warning in masked.Warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
        if (Details)
        {
            JsonArrays.Write(json, "provenance_masks", masked.ProvenanceMasks);
            WriteReasons(json, masked);
            WriteFindings(json, masked);
        }

        json.WriteEndObject();
    }

    private static void WriteReasons(Utf8JsonWriter json, MaskedChat masked)
    {
        json.WriteStartArray("reasons");
        foreach (var reason in masked.Reasons)
        {
            json.WriteStringValue(reason.Sentence);
        }

        json.WriteEndArray();
    }

    private static void WriteFindings(Utf8JsonWriter json, MaskedChat masked)
    {
        json.WriteStartArray("findings");
        foreach (var finding in masked.Findings)
        {
            json.WriteStartObject();
            json.WriteString("kind", JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Kind.ToString()));
            json.WriteString("message", finding.Message);
            JsonArrays.Write(json, "tokens", finding.Tokens);
            WriteNumber("message_index", finding.MessageIndex);
            json.WriteString("field", finding.Field);
            json.WriteString("text", finding.Text);
            WriteNumber("position", finding.Position);
            json.WriteEndObject();
        }

        json.WriteEndArray();

        void WriteNumber(string name, int? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }

    private MaskedChat Mask(JsonElement input, CancellationToken cancellationToken)
    {
        if (input.ValueKind != JsonValueKind.Object)
        {
            throw Unknown();
        }

        if (input.TryGetProperty("messages", out var messages))
        {
            return Mask(input, messages, cancellationToken);
        }

        if (!input.TryGetProperty("prompt", out var prompt) || !input.TryGetProperty("completion", out var completion))
        {
            throw Unknown();
        }

        return (prompt.ValueKind, completion.ValueKind) switch
        {
            (JsonValueKind.String, JsonValueKind.String) => MaskBuilder.Build(Tokenizer, prompt.GetString()!, completion.GetString()!, Options),
            (JsonValueKind.Array, JsonValueKind.Array) => Mask(input, Join(prompt, completion), cancellationToken),
            _ => throw new UserInputException("prompt and completion are of different kinds.", "Give two texts or two lists of messages.", "completion"),
        };
    }

    private MaskedChat Mask(JsonElement input, JsonElement messages, CancellationToken cancellationToken)
    {
        var template = Template ?? Tokenizer.ChatTemplate ?? throw new UserInputException(
            "The model brings no chat template.", "Give one with --template, or choose one on the page.", "template");
        var request = new ChatRequest
        {
            Messages = messages,
            Tools = Optional(input, "tools"),
            Documents = Optional(input, "documents"),
            Kwargs = Optional(input, "kwargs") ?? Optional(input, "chat_template_kwargs"),
        };
        return MaskBuilder.Build(ChatTemplate.Parse(template), Tokenizer, request, Options, cancellationToken);
    }

    /// <summary>One conversation of both; what the assistant says in the prompt is given, not learnt.</summary>
    private static JsonElement Join(JsonElement prompt, JsonElement completion)
    {
        var messages = new JsonArray();
        foreach (var message in prompt.EnumerateArray())
        {
            var given = JsonNode.Parse(message.GetRawText());
            if (given is JsonObject fields)
            {
                fields["train"] = false;
            }

            messages.Add(given);
        }

        foreach (var message in completion.EnumerateArray())
        {
            messages.Add(JsonNode.Parse(message.GetRawText()));
        }

        return JsonSerializer.SerializeToElement(messages);
    }

    private static JsonElement? Optional(JsonElement input, string name) =>
        input.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static UserInputException Unknown() =>
        new("The input is no conversation.", "Give {\"messages\":[…]} or {\"prompt\",\"completion\"}.", "messages");
}
