using System.Text.Json;
using Workbench.Learning.Generation;

namespace Workbench.Web.Services;

/// <summary>One prompt to one answer: what <c>workbench generate</c> does with a line.</summary>
/// <param name="Generator">The loaded model.</param>
/// <param name="Clock">Time for templates that write it.</param>
internal sealed record Generation(Generator Generator, TimeProvider Clock)
{
    /// <summary>What a line asks for.</summary>
    /// <exception cref="UserInputException">It has no prompt, or a sampling field is wrong.</exception>
    public (IReadOnlyList<int> PromptIds, SamplingOptions Options) Read(JsonElement input) => (PromptOf(input), SamplingFields.Read(input));

    /// <summary>Writes <c>{"text","ids","finish_reason","prompt_tokens","completion_tokens","tokens_per_s"}</c>.</summary>
    public static void Write(GenerationResult result, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("text", result.Text);
        JsonArrays.Write(json, "ids", result.Ids);
        json.WriteString("finish_reason", result.FinishReason);
        json.WriteNumber("prompt_tokens", result.PromptTokens);
        json.WriteNumber("completion_tokens", result.CompletionTokens);
        json.WriteNumber("tokens_per_s", Math.Round(result.TokensPerSecond, 2));
        json.WriteEndObject();
    }

    private IReadOnlyList<int> PromptOf(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.Object)
        {
            if (input.TryGetProperty("prompt_ids", out var ids))
            {
                return JsonArrays.Read(ids, "prompt_ids");
            }

            if (input.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.String)
            {
                return PromptBuilder.FromText(Generator.Tokenizer, prompt.GetString()!).Ids;
            }

            if (input.TryGetProperty("messages", out _))
            {
                return PromptBuilder.FromMessages(Generator.Tokenizer, template: null, input, Clock.GetLocalNow().DateTime).Ids;
            }
        }

        throw new UserInputException(
            "The input has no prompt.", "Give {\"messages\":[…]}, {\"prompt\":\"…\"} or {\"prompt_ids\":[…]}.", "prompt");
    }
}
