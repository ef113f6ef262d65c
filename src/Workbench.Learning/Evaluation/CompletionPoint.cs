using System.Text.Json;
using Workbench.Learning.Training;

namespace Workbench.Learning.Evaluation;

/// <summary>What a policy answered in a step of GRPO, and how it was rewarded: a line of the run's <c>completions.jsonl</c>.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Groups">A few prompts of the step.</param>
public sealed record CompletionPoint(int Step, IReadOnlyList<CompletionGroup> Groups)
{
    private static readonly JsonSerializerOptions OneLine = new(RunConfig.Json) { WriteIndented = false };

    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, OneLine);

    /// <summary>The point of a line; null where it is not whole.</summary>
    public static CompletionPoint? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<CompletionPoint>(line, OneLine) is { Groups: not null } point && point.Groups.All(group => group?.Completions is not null)
                ? point : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A prompt with its answers.</summary>
/// <param name="Line">Line of the dataset, from 1.</param>
/// <param name="Prompt">What the model read, its end where it is long.</param>
/// <param name="Completions">In the order in which they were sampled.</param>
public sealed record CompletionGroup(int Line, string Prompt, IReadOnlyList<SampledCompletion> Completions);

/// <summary>An answer and its rewards.</summary>
/// <param name="Text">Its beginning where it is long.</param>
/// <param name="Tokens">With the one that ended it.</param>
/// <param name="Clipped">It was cut off at <c>max_completion_length</c>.</param>
/// <param name="Reward">Sum of weight times score.</param>
/// <param name="Advantage">How much better than its group's mean.</param>
/// <param name="Rewards">By reward.</param>
public sealed record SampledCompletion(
    string Text, int Tokens, bool Clipped, double Reward, double Advantage, IReadOnlyList<CompletionReward> Rewards);

/// <summary>What one reward says about an answer.</summary>
/// <param name="Name">The reward's.</param>
/// <param name="Score">Before its weight.</param>
/// <param name="Reason">Why it is not 1.</param>
public sealed record CompletionReward(string Name, double Score, string? Reason);
