using System.Text.Json.Serialization;

namespace Workbench.Web.Api.OpenAi;

/// <summary>An answer to /v1/chat/completions or /v1/completions, whole or a piece of a stream.</summary>
internal sealed record Completion(string Id, string Object, long Created, string Model, IReadOnlyList<CompletionChoice> Choices)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CompletionUsage? Usage { get; init; }
}

/// <summary>One answer: <c>message</c> in a whole one, <c>delta</c> in a stream, <c>text</c> where there is no chat.</summary>
internal sealed record CompletionChoice(int Index, string? FinishReason)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatMessageBody? Message { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatDelta? Delta { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>Of OpenAI's two forms the one that belongs to the address.</summary>
    public object? Logprobs { get; init; }
}

internal sealed record ChatMessageBody(string Role, string? Content, string? Refusal = null)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CallBody>? ToolCalls { get; init; }
}

internal sealed record ChatDelta
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CallBody>? ToolCalls { get; init; }
}

/// <param name="Index">In a stream the call's number; null in a whole answer.</param>
internal sealed record CallBody([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Index, string Id, string Type, CallFunction Function);

/// <param name="Arguments">A JSON object as text.</param>
internal sealed record CallFunction(string Name, string Arguments);

internal sealed record CompletionUsage(int PromptTokens, int CompletionTokens, int TotalTokens);

/// <summary>Log probabilities of a chat.</summary>
internal sealed record ChatLogProbs(IReadOnlyList<ChatLogProb> Content, object? Refusal = null);

internal sealed record ChatLogProb(string Token, double Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<TopLogProb> TopLogprobs);

internal sealed record TopLogProb(string Token, double Logprob, IReadOnlyList<int> Bytes);

/// <summary>Log probabilities of a completion, in the older form.</summary>
internal sealed record TextLogProbs(
    IReadOnlyList<string> Tokens, IReadOnlyList<double> TokenLogprobs, IReadOnlyList<Dictionary<string, double>> TopLogprobs, IReadOnlyList<int> TextOffset);

internal sealed record ModelList(string Object, IReadOnlyList<ModelBody> Data);

internal sealed record ModelBody(string Id, string Object, long Created, string OwnedBy);
