namespace Workbench.Data.Rewards;

/// <summary>
/// The answer keeps to a frame of tags: each of them opened and closed once, in their order, text within, and nothing but white space before the
/// first. With <c>think</c> and <c>answer</c> it is the frame of DeepSeek-R1-Zero; with <c>think</c> alone, TRL's <c>think_format_reward</c>.
/// </summary>
public sealed record FormatReward : IReward
{
    public double Weight { get; init; } = 1;

    /// <summary>Names of the tags, without brackets.</summary>
    public IReadOnlyList<string> Tags { get; init; } = ["think", "answer"];

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare()
    {
        if (Tags.Count == 0 || Tags.Any(tag => tag.Length == 0 || tag.AsSpan().IndexOfAny("<>/ ") >= 0) || Tags.Distinct().Count() < Tags.Count)
        {
            throw new RewardException("format: tags must be distinct names such as [\"think\",\"answer\"], without brackets.");
        }

        return input => Problem(input.Completion) is { } problem ? RewardScore.Wrong(problem) : RewardScore.Right;
    }

    private string? Problem(string text)
    {
        var at = 0;
        foreach (var tag in Tags)
        {
            var (open, close) = ($"<{tag}>", $"</{tag}>");
            if (Count(text, open) != 1 || Count(text, close) != 1)
            {
                return $"{open} and {close} must each stand once";
            }

            var (start, end) = (text.IndexOf(open, StringComparison.Ordinal), text.IndexOf(close, StringComparison.Ordinal));
            if (start < at || end < start || !string.IsNullOrWhiteSpace(text[at..start]))
            {
                return $"{open} does not follow at once";
            }

            if (string.IsNullOrWhiteSpace(text[(start + open.Length)..end]))
            {
                return $"{open} is empty";
            }

            at = end + close.Length;
        }

        // After a single tag comes the answer itself; after a frame of several, nothing.
        return Tags.Count == 1 == string.IsNullOrWhiteSpace(text[at..]) ? Tags.Count == 1 ? "nothing follows the last tag" : "text follows the last tag" : null;
    }

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}
