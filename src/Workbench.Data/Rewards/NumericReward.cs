using System.Globalization;
using System.Text.RegularExpressions;

namespace Workbench.Data.Rewards;

/// <summary>
/// The answer's number is the right one, as GSM8K counts (Cobbe et al. 2021): what follows the last <c>####</c>, else what stands in the
/// last <c>\boxed{}</c>, else the last number. Thousands separators, currency and percent signs are not part of it; fractions are.
/// </summary>
public sealed partial record NumericReward : IReward
{
    public double Weight { get; init; } = 1;

    /// <summary>Column with the right number, or with a solution that ends in it.</summary>
    public string Column { get; init; } = "answer";

    /// <summary>Relative error allowed; absolute below 1.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Without <c>####</c> or <c>\boxed{}</c> an answer is wrong, whatever its last number is.</summary>
    public bool RequireMark { get; init; }

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare()
    {
        if (!(Tolerance is >= 0 and < 1))
        {
            throw new RewardException("numeric: tolerance must be 0 to 1.");
        }

        return input =>
        {
            var references = input.References("numeric", Column);
            var right = references.Select(reference => Find(reference, requireMark: false)).OfType<double>().ToArray();
            if (right.Length == 0)
            {
                throw new RewardException($"numeric: the column \"{Column}\" holds no number: \"{references[0]}\". Name the column that does.");
            }

            return Find(input.Completion, RequireMark) is not { } found ? RewardScore.Wrong(RequireMark ? "no number behind #### or in \\boxed{}" : "no number in the answer")
                : right.Any(number => Math.Abs(number - found) <= Tolerance * Math.Max(1, Math.Abs(number))) ? RewardScore.Right
                : RewardScore.Wrong(string.Create(CultureInfo.InvariantCulture, $"{found} instead of {right[0]}"));
        };
    }

    /// <summary>The number that a text comes to; null for none.</summary>
    /// <param name="text">An answer or a solution.</param>
    /// <param name="requireMark">Only what stands behind <c>####</c> or in <c>\boxed{}</c> counts.</param>
    public static double? Find(string text, bool requireMark)
    {
        if (text.LastIndexOf("####", StringComparison.Ordinal) is var mark and >= 0)
        {
            return First(text[(mark + 4)..]);
        }

        if (Boxed(text) is { } boxed)
        {
            return First(boxed);
        }

        return requireMark || Number().Matches(text) is not { Count: > 0 } matches ? null : Value(matches[^1]);
    }

    private static double? First(string text) => Fraction().Match(text) is { Success: true } fraction && Divide(fraction) is { } ratio ? ratio
        : Number().Match(text) is { Success: true } match ? Value(match) : null;

    private static double? Divide(Match fraction) =>
        double.Parse(fraction.Groups["d"].ValueSpan, CultureInfo.InvariantCulture) is var divisor && divisor != 0
            ? (fraction.Groups["s"].Length > 0 ? -1 : 1) * double.Parse(fraction.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) / divisor : null;

    /// <summary>What stands in the last \boxed{…}, braces within paired.</summary>
    private static string? Boxed(string text)
    {
        var start = text.LastIndexOf("\\boxed{", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += "\\boxed{".Length;
        for (var (i, depth) = (start, 1); i < text.Length; i++)
        {
            depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return text[start..i];
            }
        }

        return null;
    }

    private static double? Value(Match match)
    {
        var text = match.Value.Replace(",", "", StringComparison.Ordinal).Replace('−', '-').Replace("$", "", StringComparison.Ordinal);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var number = double.Parse(slash < 0 ? text : text[..slash], CultureInfo.InvariantCulture);
        return slash < 0 ? number
            : double.Parse(text[(slash + 1)..], CultureInfo.InvariantCulture) is var divisor && divisor != 0 ? number / divisor
            : null;
    }

    [GeneratedRegex(@"[-−]?\$?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?|\.\d+)(?:/\d+(?:\.\d+)?)?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*\$?\s*(?<s>[-−]?)\s*\\[dt]?frac\{(?<n>\d+(?:\.\d+)?)\}\{(?<d>\d+(?:\.\d+)?)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();
}
