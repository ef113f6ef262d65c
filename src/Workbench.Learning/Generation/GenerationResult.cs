namespace Workbench.Learning.Generation;

/// <summary>One step of a streamed answer.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">Text that became certain with this token; empty while a character or a stop text may still be incomplete.</param>
/// <param name="LogProbability">Natural logarithm of the probability that the model gave the token, before any sampling option.</param>
/// <param name="FinishReason">In the last step why it is the last; otherwise null.</param>
public sealed record GeneratedToken(int Id, string Text, double LogProbability, string? FinishReason)
{
    /// <summary>The token is one of the model's ends of turn, and no part of the answer.</summary>
    public bool EndsTurn { get; init; }

    /// <summary>In the last step the stop text that ended the answer; otherwise null.</summary>
    public string? StopText { get; init; }

    /// <summary>What else might have come; null where <see cref="SamplingOptions.TopLogProbs"/> asks for none.</summary>
    public NextTokens? Next { get; init; }
}

/// <summary>What the model expected in a step, before any sampling option.</summary>
/// <param name="Entropy">Of the whole distribution, in nats: 0 when the model is sure, ln V when it knows nothing.</param>
/// <param name="Top">The most probable tokens, best first.</param>
public sealed record NextTokens(double Entropy, IReadOnlyList<TokenProbability> Top);

/// <summary>A token and the natural logarithm of its probability.</summary>
public readonly record struct TokenProbability(int Id, double LogProbability);

/// <summary>A whole answer.</summary>
/// <param name="Text">Without stop text and special tokens.</param>
/// <param name="Ids">Generated tokens, without the one that ended the answer.</param>
/// <param name="FinishReason">One of <see cref="FinishReasons"/>.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CompletionTokens">Tokens computed for the answer.</param>
/// <param name="TokensPerSecond">Of the answer, prompt processing included in the time.</param>
public sealed record GenerationResult(
    string Text, IReadOnlyList<int> Ids, string FinishReason, int PromptTokens, int CompletionTokens, double TokensPerSecond);

/// <summary>Why an answer ended, in OpenAI's words.</summary>
public static class FinishReasons
{
    /// <summary>The model ended its turn, or a stop text came.</summary>
    public const string Stop = "stop";

    /// <summary><c>max_tokens</c> or the end of the context.</summary>
    public const string Length = "length";
}
