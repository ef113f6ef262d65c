using System.Text.RegularExpressions;

namespace Workbench.Data.Rewards;

/// <summary>The answer matches a pattern, or must not.</summary>
public sealed record RegexReward : IReward
{
    public double Weight { get; init; } = 1;

    /// <summary>A .NET regular expression.</summary>
    public required string Pattern { get; init; }

    /// <summary>Right is an answer without a match.</summary>
    public bool Forbid { get; init; }

    public bool IgnoreCase { get; init; }

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare()
    {
        var pattern = RewardPatterns.Compile("regex", Pattern, IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        return input => RewardPatterns.Count("regex", pattern, input.Completion) > 0 != Forbid ? RewardScore.Right
            : RewardScore.Wrong(Forbid ? $"matches {Pattern}" : $"does not match {Pattern}");
    }
}
