using System.Text.Json;
using Workbench.Learning.Generation;

namespace Workbench.Web.Services;

/// <summary>Reads sampling options under OpenAI's names from a request.</summary>
internal static class SamplingFields
{
    /// <summary>Most tokens of an answer where the request does not say.</summary>
    private const int DefaultMaxTokens = 256;

    /// <exception cref="UserInputException">A field has another type than it should.</exception>
    public static SamplingOptions Read(JsonElement input)
    {
        var defaults = new SamplingOptions();
        return new SamplingOptions
        {
            Temperature = Number(input, "temperature") ?? defaults.Temperature,
            TopP = Number(input, "top_p") ?? defaults.TopP,
            TopK = Whole(input, "top_k") ?? defaults.TopK,
            MinP = Number(input, "min_p") ?? defaults.MinP,
            RepetitionPenalty = Number(input, "repetition_penalty") ?? defaults.RepetitionPenalty,
            PresencePenalty = Number(input, "presence_penalty") ?? defaults.PresencePenalty,
            FrequencyPenalty = Number(input, "frequency_penalty") ?? defaults.FrequencyPenalty,
            MaxTokens = Whole(input, "max_tokens") ?? Whole(input, "max_completion_tokens") ?? DefaultMaxTokens,
            Seed = Whole(input, "seed"),
            Stop = Stops(input),
        };
    }

    private static JsonElement? Given(JsonElement input, string name) =>
        input.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static double? Number(JsonElement input, string name) => Given(input, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value => value.GetDouble(),
        _ => throw new UserInputException($"{name} must be a number.", "Write it without quotes.", name),
    };

    private static int? Whole(JsonElement input, string name) => Given(input, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var whole) => whole,
        _ => throw new UserInputException($"{name} must be a whole number.", "Write it without quotes and without a fraction.", name),
    };

    private static string[] Stops(JsonElement input) => Given(input, "stop") switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } many when many.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. many.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw new UserInputException("stop must be a text or a list of texts.", "Write \"stop\":[\"\\n\"].", "stop"),
    };
}
