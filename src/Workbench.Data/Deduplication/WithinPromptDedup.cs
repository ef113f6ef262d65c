using System.Globalization;
using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Deduplication;

/// <summary>
/// For preferences: removes pairs whose two answers are nearly the same (there is nothing to prefer), and further pairs of one prompt
/// whose answers are nearly those of an earlier one.
/// </summary>
public sealed record WithinPromptDedup : IRowOperator
{
    /// <summary>Similarity of two answers from which on they are the same.</summary>
    public double Threshold { get; init; } = 0.9;

    /// <summary>Words in a shingle.</summary>
    public int Ngram { get; init; } = 3;

    /// <summary>How many pairs of one prompt are kept; null for all.</summary>
    public int? MaxPerPrompt { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Verdict> Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken = default)
    {
        var kept = new Dictionary<string, List<(int Number, uint[] Chosen, uint[] Rejected)>>(StringComparer.Ordinal);
        foreach (var item in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Verdict(item, item.Row.Shape == RowShape.Preference ? Problem(item, kept) : null);
        }
    }

    private string? Problem(RowItem item, Dictionary<string, List<(int Number, uint[] Chosen, uint[] Rejected)>> kept)
    {
        var turns = RowTurn.Of(item.Row);
        uint[] Answer(string column) => Shingles.Of(string.Join('\n', turns.Where(turn => turn.Column == column).Select(turn => turn.Text)), Ngram);
        var (chosen, rejected) = (Answer("chosen"), Answer("rejected"));
        if (Similarity(chosen, rejected) is var same && same >= Threshold)
        {
            return string.Create(CultureInfo.InvariantCulture, $"chosen and rejected are nearly the same (Jaccard {same:0.00})");
        }

        var prompt = item.Row.Json.TryGetProperty("prompt", out var value) ? value.GetRawText() : "";
        if (!kept.TryGetValue(prompt, out var pairs))
        {
            kept[prompt] = pairs = [];
        }

        foreach (var pair in prompt.Length == 0 ? [] : pairs)
        {
            if (Similarity(chosen, pair.Chosen) >= Threshold && Similarity(rejected, pair.Rejected) >= Threshold)
            {
                return $"both answers are nearly those of row {pair.Number}, to the same prompt";
            }
        }

        if (prompt.Length > 0 && pairs.Count >= MaxPerPrompt)
        {
            return $"the prompt has {pairs.Count} pairs already";
        }

        pairs.Add((item.Number, chosen, rejected));
        return null;
    }

    private static double Similarity(uint[] left, uint[] right) => left.Length == 0 && right.Length == 0 ? 1 : Shingles.Jaccard(left, right);
}
