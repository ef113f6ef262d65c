using System.Globalization;
using Workbench.Data.Filters;

namespace Workbench.Data.Rewards;

/// <summary>
/// The answer's length in words lies within bounds (a CJK character is a word). Beyond them the score falls in a straight line and reaches 0 at
/// half the least or twice the most.
/// </summary>
public sealed record LengthReward : IReward
{
    public double Weight { get; init; } = 1;

    public int? MinWords { get; init; }

    public int? MaxWords { get; init; }

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare()
    {
        if ((MinWords is null && MaxWords is null) || MinWords < 1 || MaxWords < 1 || MinWords > MaxWords)
        {
            throw new RewardException("length: give min_words, max_words or both, from 1 on, the least before the most.");
        }

        return input =>
        {
            var words = new List<(int Start, int Length)>();
            Words.Of(input.Completion, words);
            var count = words.Count;
            return count < MinWords ? new RewardScore(Math.Max(0, ((2.0 * count) / MinWords.Value) - 1), Reason(count, "fewer than", MinWords.Value))
                : count > MaxWords ? new RewardScore(Math.Max(0, 2 - (count / (double)MaxWords.Value)), Reason(count, "more than", MaxWords.Value))
                : RewardScore.Right;
        };
    }

    private static string Reason(int count, string how, int bound) => string.Create(CultureInfo.InvariantCulture, $"{count} words, {how} {bound}");
}
