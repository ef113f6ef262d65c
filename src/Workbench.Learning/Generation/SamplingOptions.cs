namespace Workbench.Learning.Generation;

/// <summary>How the next token is chosen; names and meanings are OpenAI's and transformers'.</summary>
public sealed record SamplingOptions
{
    /// <summary>Logits are divided by it; 0 takes the most probable token (greedy).</summary>
    public double Temperature { get; init; }

    /// <summary>Keeps the most probable tokens whose probabilities reach this sum; 1 keeps all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Keeps this many of the most probable tokens; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps tokens that are at least this share as probable as the most probable one; 0 keeps all.</summary>
    public double MinP { get; init; }

    /// <summary>Divides (negative logits: multiplies) the logits of tokens that occurred, in prompt or answer; 1 changes nothing.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Taken off the logits of tokens that the answer already holds, once (OpenAI); 0 changes nothing.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>Taken off the logits of tokens that the answer already holds, as often as it holds them (OpenAI); 0 changes nothing.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Most tokens to generate; null goes on to the end of the context.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>The same seed gives the same tokens; null draws one.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts that end the answer; they are not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Token ids that end the answer; null means the model's own.</summary>
    public IReadOnlyList<int>? StopIds { get; init; }

    /// <summary>How many of the most probable tokens to tell with each step, and the entropy with them; 0 tells none and costs nothing.</summary>
    public int TopLogProbs { get; init; }

    /// <summary>Most that <see cref="TopLogProbs"/> may be, as with OpenAI.</summary>
    public const int MostTopLogProbs = 20;

    /// <exception cref="GenerationException">A value is out of range; the message names it and the range.</exception>
    public void Validate()
    {
        static void Must(bool holds, string message)
        {
            if (!holds)
            {
                throw new GenerationException(message);
            }
        }

        Must(Temperature is >= 0 and <= 100, $"temperature must be from 0 to 100, not {Temperature}.");
        Must(TopP is > 0 and <= 1, $"top_p must be above 0 and at most 1, not {TopP}.");
        Must(TopK >= 0, $"top_k must be at least 0, not {TopK}.");
        Must(MinP is >= 0 and <= 1, $"min_p must be from 0 to 1, not {MinP}.");
        Must(RepetitionPenalty is > 0 and <= 100, $"repetition_penalty must be above 0 and at most 100, not {RepetitionPenalty}.");
        Must(PresencePenalty is >= -2 and <= 2, $"presence_penalty must be from -2 to 2, not {PresencePenalty}.");
        Must(FrequencyPenalty is >= -2 and <= 2, $"frequency_penalty must be from -2 to 2, not {FrequencyPenalty}.");
        Must(TopLogProbs is >= 0 and <= MostTopLogProbs, $"top_logprobs must be from 0 to {MostTopLogProbs}, not {TopLogProbs}.");
        Must(MaxTokens is null or >= 1, $"max_tokens must be at least 1, not {MaxTokens}.");
        Must(Stop.Count <= 64 && Stop.All(text => text.Length is > 0 and <= 1024), "stop must be at most 64 texts of 1 to 1024 characters.");
    }
}
