using System.Globalization;
using System.Text.RegularExpressions;
using Workbench.Data.Filters;

namespace Workbench.Benchmarks.Data;

/// <summary>Holds what near-dedup removed against the similarities of the texts themselves, computed here from their strings.</summary>
internal sealed partial class PlantedTruth
{
    private const double Threshold = 0.8;

    private readonly Dictionary<int, int> removed = [];

    /// <summary>Planted rows whose Jaccard similarity to their source is 0.8 or more.</summary>
    public int Planted { get; private set; }

    /// <summary>Those of them that were removed.</summary>
    public int Found { get; private set; }

    /// <summary>Rows removed by near-dedup.</summary>
    public int Removed => removed.Count;

    /// <summary>Those of them that are less than 0.8 like the row that they are said to be like.</summary>
    public int False { get; private set; }

    /// <summary>Takes note of a removed row.</summary>
    public void Add(Verdict verdict) =>
        removed[verdict.Item.Number] = int.Parse(LikeRow().Match(verdict.Reason!).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>Counts over the rows 1 to <paramref name="count"/>.</summary>
    public void Judge(int count)
    {
        var gate = new Lock();
        Parallel.For(1, count + 1, number =>
        {
            var planted = ChatRows.KindOf(number) is ChatRows.Kind.Near or ChatRows.Kind.Apart && Jaccard(number, ChatRows.SourceOf(number)) >= Threshold;
            var gone = removed.TryGetValue(number, out var like);
            var wrong = gone && Jaccard(number, like) < Threshold;
            lock (gate)
            {
                Planted += planted ? 1 : 0;
                Found += planted && gone ? 1 : 0;
                False += wrong ? 1 : 0;
            }
        });
    }

    private static double Jaccard(int left, int right)
    {
        var (a, b) = (Grams(left), Grams(right));
        var common = a.Count(b.Contains);
        return common / (double)(a.Count + b.Count - common);
    }

    private static HashSet<string> Grams(int number)
    {
        var (question, answer) = ChatRows.Texts(number);
        var words = Word().Matches($"{question}\n{answer}".ToLowerInvariant()).Select(match => match.Value).ToArray();
        return [.. Enumerable.Range(0, words.Length - 2).Select(i => string.Join(' ', words[i..(i + 3)]))];
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"row (\d+)")]
    private static partial Regex LikeRow();
}
