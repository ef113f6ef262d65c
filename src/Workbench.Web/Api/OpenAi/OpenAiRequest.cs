using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Generation;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Api.OpenAi;

/// <summary>What a client asks for, read and checked; errors name the field.</summary>
/// <param name="Sampling">For each answer the seed is raised by its number.</param>
/// <param name="N">Answers to each prompt.</param>
/// <param name="LogProbs">Whether the tokens' log probabilities are wanted; <see cref="SamplingOptions.TopLogProbs"/> says how many beside them.</param>
internal sealed record OpenAiRequest(JsonElement Body, string Model, SamplingOptions Sampling, int N, bool LogProbs, bool Stream, bool StreamUsage)
{
    /// <summary>Most answers in one request, over all its prompts.</summary>
    private const int MostAnswers = 16;

    private static readonly string[] NotOffered = ["logit_bias", "functions", "function_call", "audio", "prediction", "suffix", "echo"];

    /// <summary>Whether the model may call functions: some are given, and it is not told to leave them alone.</summary>
    public bool HasTools => Given(Body, "tools") is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0 && ToolChoice != "none";

    private string ToolChoice => Given(Body, "tool_choice") is { ValueKind: JsonValueKind.String } choice ? choice.GetString()! : "auto";

    /// <summary>Reads a request for a chat.</summary>
    /// <exception cref="UserInputException">A field is wrong, or asks for what there is not.</exception>
    public static OpenAiRequest ReadChat(JsonElement body)
    {
        var request = Read(body, defaultMaxTokens: null);
        if (Given(body, "messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
        {
            throw new UserInputException("messages must be a list with at least one message.", "Give [{\"role\":\"user\",\"content\":\"…\"}].", "messages");
        }

        if (Given(body, "tool_choice") is not null && request.ToolChoice is not ("auto" or "none"))
        {
            throw new UserInputException("tool_choice can be auto or none: the models here decide themselves.", "Leave it out.", "tool_choice");
        }

        if (Given(body, "tool_choice") is { ValueKind: JsonValueKind.Object })
        {
            throw new UserInputException("A function cannot be forced: the models here decide themselves.", "Set tool_choice to auto.", "tool_choice");
        }

        var wanted = Flag(body, "logprobs");
        var top = Whole(body, "top_logprobs") ?? 0;
        return top > 0 && !wanted
            ? throw new UserInputException("top_logprobs needs logprobs.", "Set logprobs to true.", "top_logprobs")
            : request with { LogProbs = wanted, Sampling = request.Sampling with { TopLogProbs = top } };
    }

    /// <summary>Reads a request for completions of plain text.</summary>
    /// <exception cref="UserInputException">A field is wrong, or asks for what there is not.</exception>
    public static OpenAiRequest ReadCompletion(JsonElement body)
    {
        var request = Read(body, defaultMaxTokens: 16); // OpenAI's default
        var top = Whole(body, "logprobs");
        return request with { LogProbs = top is not null, Sampling = request.Sampling with { TopLogProbs = top ?? 0 } };
    }

    /// <summary>The conversation as a chat template takes it.</summary>
    public JsonElement Conversation()
    {
        var request = new JsonObject { ["messages"] = OpenAiMessages.ForTemplate(Body.GetProperty("messages")) };
        foreach (var (name, variable) in new[] { ("tools", "tools"), ("documents", "documents"), ("chat_template_kwargs", "kwargs") })
        {
            if (Given(Body, name) is { } value && (name != "tools" || HasTools))
            {
                request[variable] = JsonNode.Parse(value.GetRawText());
            }
        }

        return JsonSerializer.SerializeToElement(request);
    }

    /// <summary>The prompts of a completion: a text, ids, or a list of either.</summary>
    /// <exception cref="UserInputException">It is none of these, or there are too many.</exception>
    public IReadOnlyList<IReadOnlyList<int>> Prompts(PretrainedTokenizer tokenizer)
    {
        var prompt = Given(Body, "prompt") ?? throw NoPrompt();
        IReadOnlyList<IReadOnlyList<int>> prompts = prompt.ValueKind switch
        {
            JsonValueKind.String => [PromptBuilder.FromText(tokenizer, prompt.GetString()!).Ids],
            JsonValueKind.Array when Holds(prompt, JsonValueKind.Number) => [JsonArrays.Read(prompt, "prompt")],
            JsonValueKind.Array when Holds(prompt, JsonValueKind.String) => [.. prompt.EnumerateArray().Select(text => PromptBuilder.FromText(tokenizer, text.GetString()!).Ids)],
            JsonValueKind.Array when Holds(prompt, JsonValueKind.Array) => [.. prompt.EnumerateArray().Select(ids => JsonArrays.Read(ids, "prompt"))],
            _ => throw NoPrompt(),
        };
        return prompts.Count * N <= MostAnswers ? prompts
            : throw new UserInputException($"{prompts.Count} prompts with n {N} are more than {MostAnswers} answers.", "Ask in several requests.", "prompt");
    }

    private static OpenAiRequest Read(JsonElement body, int? defaultMaxTokens)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new UserInputException("The body must be a JSON object.", "See https://platform.openai.com/docs/api-reference.");
        }

        if (Given(body, "model") is not { ValueKind: JsonValueKind.String } model || model.GetString()!.Length == 0)
        {
            throw new UserInputException("model must be the name of a model.", "GET /v1/models lists them.", "model");
        }

        Refuse(body);
        var n = Whole(body, "n") ?? 1;
        if (n is < 1 or > ChatSampling.MaxChoices)
        {
            throw new UserInputException($"n must be from 1 to {ChatSampling.MaxChoices}, not {n}.", "Ask in several requests.", "n");
        }

        // OpenAI's default is to sample; the workbench's own pages and verbs begin greedy.
        var sampling = SamplingFields.Read(body) with { MaxTokens = Whole(body, "max_completion_tokens") ?? Whole(body, "max_tokens") ?? defaultMaxTokens };
        sampling = Given(body, "temperature") is null ? sampling with { Temperature = 1 } : sampling;
        var options = Given(body, "stream_options");
        return new OpenAiRequest(
            body, model.GetString()!, sampling, n, LogProbs: false, Flag(body, "stream"), options is { ValueKind: JsonValueKind.Object } given && Flag(given, "include_usage"));
    }

    private static void Refuse(JsonElement body)
    {
        foreach (var name in NotOffered.Where(name => Given(body, name) is { ValueKind: not JsonValueKind.False } value && value.GetRawText() is not ("{}" or "[]" or "\"\"")))
        {
            throw new UserInputException($"{name} is not offered here.", "Leave it out.", name);
        }

        if (Given(body, "response_format") is { ValueKind: JsonValueKind.Object } format && format.TryGetProperty("type", out var type) && type.ToString() != "text")
        {
            throw new UserInputException($"response_format {type} is not offered: answers are not bound to a grammar.", "Leave it out, or use text.", "response_format");
        }
    }

    private static bool Holds(JsonElement list, JsonValueKind kind) => list.GetArrayLength() > 0 && list.EnumerateArray().All(item => item.ValueKind == kind);

    private static UserInputException NoPrompt() => new("prompt must be a text, a list of token ids, or a list of either.", "Write \"prompt\":\"…\".", "prompt");

    private static JsonElement? Given(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static bool Flag(JsonElement body, string name) => Given(body, name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw new UserInputException($"{name} must be true or false.", "Write it without quotes.", name),
    };

    private static int? Whole(JsonElement body, string name) => Given(body, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var whole) => whole,
        _ => throw new UserInputException($"{name} must be a whole number.", "Write it without quotes and without a fraction.", name),
    };
}
