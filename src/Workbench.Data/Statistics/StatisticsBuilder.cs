using Workbench.Data.Formats;

namespace Workbench.Data.Statistics;

/// <summary>Sums up a stream of rows; keeps some forty bytes a row.</summary>
public static class StatisticsBuilder
{
    private const int Batch = 512;

    /// <param name="rows">Read once.</param>
    /// <param name="options">What to look at besides the rows.</param>
    /// <param name="onRow">Told the figures of each row, in the order of the rows; null for nobody.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static DatasetStatistics Of(
        IEnumerable<Row> rows, StatisticsOptions options, Action<RowFigures>? onRow = null, CancellationToken cancellationToken = default)
    {
        var special = options.Tokenizer?.AddedTokens.Where(token => token.Special).Select(token => token.Content).ToArray() ?? [];
        var sums = new Sums(options);
        var figures = new RowFigures[Batch];
        foreach (var batch in rows.Chunk(Batch))
        {
            Parallel.For(0, batch.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => figures[i] = RowFigures.Of(batch[i], options, special));
            foreach (var row in figures.AsSpan(0, batch.Length))
            {
                sums.Add(row);
                onRow?.Invoke(row);
            }
        }

        return sums.ToStatistics();
    }

    private sealed class Sums(StatisticsOptions options)
    {
        private readonly Dictionary<string, int> shapes = [], columns = [], roles = [], languages = [], special = [], labels = [];
        private readonly Distribution turns = new(), chars = new(), answerChars = new(), tokens = new();
        private readonly HashSet<UInt128> seen = [];
        private int rows, duplicates, empty, over;

        public void Add(RowFigures row)
        {
            rows++;
            Count(shapes, [row.Shape.ToString()]);
            Count(columns, row.Columns);
            Count(roles, row.Roles);
            Count(special, row.SpecialTokens);
            Count(languages, row.Language.Length == 0 ? [] : [row.Language]);
            Count(labels, row.Label is { } label ? [label ? "true" : "false"] : []);
            turns.Add(row.Turns);
            chars.Add(row.Chars);
            answerChars.Add(row.AnswerChars);
            if (row.Tokens is { } length)
            {
                tokens.Add(length);
                over += length > options.MaxLength ? 1 : 0;
            }

            duplicates += seen.Add(row.Key) ? 0 : 1;
            empty += row.EmptyAnswer ? 1 : 0;
        }

        public DatasetStatistics ToStatistics() => new()
        {
            Rows = rows,
            Shapes = MostFirst(shapes),
            Columns = MostFirst(columns),
            Roles = MostFirst(roles),
            Languages = MostFirst(languages),
            Turns = turns.Summarize(),
            Chars = chars.Summarize(),
            AnswerChars = answerChars.Summarize(),
            Tokens = tokens.Summarize(),
            ExactDuplicates = duplicates,
            EmptyAnswers = empty,
            OverMaxLength = options.MaxLength is null ? null : over,
            SpecialTokensInContent = options.Tokenizer is null ? null : MostFirst(special),
            Labels = labels.Count == 0 ? null : MostFirst(labels),
        };

        private static void Count(Dictionary<string, int> counts, string[] names)
        {
            foreach (var name in names)
            {
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }
        }

        private static Dictionary<string, int> MostFirst(Dictionary<string, int> counts) =>
            counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary();
    }
}
