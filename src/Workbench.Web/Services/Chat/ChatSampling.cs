using Workbench.Learning.Generation;

namespace Workbench.Web.Services.Chat;

/// <summary>How tokens are chosen, under OpenAI's and transformers' names. The defaults are greedy, as in the field's examples.</summary>
public sealed record ChatSampling(double Temperature = 0, double TopP = 1, int TopK = 0, int MaxTokens = 256, long? Seed = null)
{
    /// <summary>Most answers to one question.</summary>
    public const int MaxChoices = 8;

    public double MinP { get; init; }

    public double RepetitionPenalty { get; init; } = 1;

    public double PresencePenalty { get; init; }

    public double FrequencyPenalty { get; init; }

    /// <summary>Texts that end the answer.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>How many answers; the second is drawn with the next seed, and so on.</summary>
    public int N { get; init; } = 1;

    /// <summary>The generator's options for one of the answers.</summary>
    /// <param name="choice">From 0.</param>
    /// <param name="topLogProbs">How many tokens to tell with each step.</param>
    public SamplingOptions ToOptions(int choice, int topLogProbs) => new()
    {
        Temperature = Temperature,
        TopP = TopP,
        TopK = TopK,
        MinP = MinP,
        RepetitionPenalty = RepetitionPenalty,
        PresencePenalty = PresencePenalty,
        FrequencyPenalty = FrequencyPenalty,
        MaxTokens = MaxTokens,
        Seed = Seed + choice,
        Stop = Stop,
        TopLogProbs = topLogProbs,
    };
}
