using System.Text.RegularExpressions;

namespace Workbench.Data.Rewards;

/// <summary>Patterns that users write: bounded in time, with errors in words.</summary>
internal static class RewardPatterns
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>Linear in the text where the pattern allows it.</summary>
    public static Regex Compile(string reward, string pattern, RegexOptions options)
    {
        options |= RegexOptions.CultureInvariant;
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, options, Timeout);
        }
        catch (ArgumentException exception)
        {
            throw new RewardException($"{reward}: the pattern {pattern} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>How often it matches.</summary>
    public static int Count(string reward, Regex pattern, string text) => Bounded(reward, pattern, () => pattern.Count(text));

    /// <summary>First group, or all, of the last match; null for none.</summary>
    public static string? Last(string reward, Regex pattern, string text) => Bounded(reward, pattern, () =>
        pattern.Matches(text) is { Count: > 0 } matches ? matches[^1].Groups[matches[^1].Groups.Count > 1 ? 1 : 0].Value : null);

    private static T Bounded<T>(string reward, Regex pattern, Func<T> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new RewardException($"{reward}: the pattern {pattern} needed more than {Timeout.TotalSeconds:0} s for this answer. Write it without nested repetition.", exception);
        }
    }
}
