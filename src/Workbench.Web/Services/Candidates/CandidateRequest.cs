using Workbench.Data.Rewards;
using Workbench.Learning.Generation;
using Workbench.Web.Services.Teachers;

namespace Workbench.Web.Services.Candidates;

/// <summary>Which answers to the prompts of a version are asked for, and how they are judged.</summary>
public sealed record CandidateRequest
{
    /// <summary>The version whose rows are asked.</summary>
    public required int Version { get; init; }

    /// <summary>A model of the workbench; null where an endpoint answers.</summary>
    public string? ModelId { get; init; }

    /// <summary>An OpenAI-compatible endpoint up to its version; null where a model of the workbench answers.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The model's name: at the endpoint, or here, as pages show it.</summary>
    public required string Model { get; init; }

    /// <summary>Answers to each prompt.</summary>
    public int Count { get; init; } = 4;

    /// <summary>The first so many rows; null for all.</summary>
    public int? Prompts { get; init; } = 100;

    public double Temperature { get; init; } = 1;

    public double TopP { get; init; } = 1;

    /// <summary>Most tokens of an answer.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Seeds of all answers follow from it.</summary>
    public int Seed { get; init; }

    /// <summary>A system message for prompts that have none; null for none.</summary>
    public string? System { get; init; }

    /// <summary>Budget: most tokens of prompts and answers; null for no limit.</summary>
    public long? MaxTotalTokens { get; init; }

    /// <summary>What judges the answers, as <see cref="RewardSet.Parse"/> reads it.</summary>
    public required string Rewards { get; init; }

    internal AnswerPlan Plan => new() { PerPrompt = Count, Seed = Seed, System = string.IsNullOrWhiteSpace(System) ? null : System, MaxTotalTokens = MaxTotalTokens };

    internal SamplingOptions Sampling => new() { Temperature = Temperature, TopP = TopP, MaxTokens = MaxTokens };

    /// <returns>What judges the answers.</returns>
    /// <exception cref="UserInputException">A value is out of range.</exception>
    internal RewardSet Check()
    {
        Plan.Validate();
        if (Prompts < 1)
        {
            throw new UserInputException($"{Prompts} prompts are asked for.", "Ask for at least 1, or leave it empty for all.", "prompts");
        }

        try
        {
            Sampling.Validate();
            var rewards = RewardSet.Parse(Rewards);
            rewards.Prepare();
            return rewards;
        }
        catch (Exception exception) when (exception is GenerationException or RewardException)
        {
            throw new UserInputException(exception.Message, "Correct the field.", exception is RewardException ? "rewards" : "sampling", exception);
        }
    }
}
