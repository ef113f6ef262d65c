using System.Text.RegularExpressions;

namespace Workbench.Data.Rewards;

/// <summary>The answer is one of those that the row calls right.</summary>
public sealed record ExactReward : IReward
{
    public double Weight { get; init; } = 1;

    /// <summary>Column with what is right: a text, or a list of texts.</summary>
    public string Column { get; init; } = "answer";

    /// <summary>What of the answer counts: the last match's first group. Null for all of it.</summary>
    public string? Pattern { get; init; }

    /// <summary>Case, runs of white space and a full stop at the end make no difference.</summary>
    public bool Normalize { get; init; } = true;

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare()
    {
        var pattern = Pattern is null ? null : RewardPatterns.Compile("exact", Pattern, RegexOptions.None);
        return input =>
        {
            var answer = pattern is null ? input.Completion : RewardPatterns.Last("exact", pattern, input.Completion);
            if (answer is null)
            {
                return RewardScore.Wrong("the answer has no part that the pattern finds");
            }

            var references = input.References("exact", Column);
            return references.Any(reference => Normal(reference) == Normal(answer)) ? RewardScore.Right
                : RewardScore.Wrong($"not \"{Shortened(references[0])}\"");
        };
    }

    private string Normal(string text) => !Normalize ? text
        : string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.', '。');

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
