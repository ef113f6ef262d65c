using System.Globalization;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Files;

namespace Workbench.Data.Deduplication;

/// <summary>
/// Removes training rows that hold text of evaluation sets: a common n-gram of 13 words, as GPT-3 (Brown et al. 2020, appendix C) counts
/// contamination; an evaluation text shorter than that counts when it occurs whole and has 8 words or more.
/// </summary>
public sealed record LeakageFilter : IRowOperator
{
    private const int LeastWords = 8;

    /// <summary>Files of evaluation rows, of any known kind and form.</summary>
    public required IReadOnlyList<string> Against { get; init; }

    /// <summary>Words in an n-gram.</summary>
    public int Ngram { get; init; } = 13;

    /// <summary>How many of them a row may share.</summary>
    public int MaxShared { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Verdict> Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken = default)
    {
        if (Against.Count == 0 || Ngram is < LeastWords or > 100)
        {
            throw new OperatorException($"leakage: against must name files of evaluation rows, and ngram be {LeastWords} to 100.");
        }

        var known = new Dictionary<int, Dictionary<ulong, (int File, int Row)>>();
        for (var file = 0; file < Against.Count; file++)
        {
            Read(file, known, cancellationToken);
        }

        return rows.Select(item =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Verdict(item, Problem(item.Row, known));
        });
    }

    private void Read(int file, Dictionary<int, Dictionary<ulong, (int File, int Row)>> known, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = File.OpenRead(Against[file]);
            foreach (var line in DataFile.ReadAsync(stream, Against[file], cancellationToken: cancellationToken).ToBlockingEnumerable(cancellationToken))
            {
                foreach (var text in RowTexts.Of(Parse(line)))
                {
                    var hashes = Hashes(text);
                    var n = Math.Min(Ngram, hashes.Length);
                    if (n < LeastWords)
                    {
                        continue;
                    }

                    if (!known.TryGetValue(n, out var table))
                    {
                        known[n] = table = [];
                    }

                    for (var i = 0; i + n <= hashes.Length; i++)
                    {
                        table.TryAdd(Words.HashNgram(hashes, i, n), (file, line.Number));
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DataFileException or RowFormatException)
        {
            throw new OperatorException($"leakage: the evaluation file {Against[file]} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>An evaluation row that is not understood would let its copies through: better to stop.</summary>
    private static Row Parse(RawLine line)
    {
        try
        {
            return line.TooLong ? throw new RowFormatException("the row is too long")
                : line.Problem is { } problem ? throw new RowFormatException(problem)
                : RowParser.Parse(line.Bytes);
        }
        catch (RowFormatException exception)
        {
            throw new RowFormatException($"row {line.Number}: {exception.Message}");
        }
    }

    private string? Problem(Row row, Dictionary<int, Dictionary<ulong, (int File, int Row)>> known)
    {
        var shared = 0;
        (int File, int Row)? first = null;
        foreach (var turn in RowTurn.Of(row))
        {
            var hashes = Hashes(turn.Text);
            foreach (var (n, table) in known)
            {
                for (var i = 0; i + n <= hashes.Length; i++)
                {
                    if (table.TryGetValue(Words.HashNgram(hashes, i, n), out var place))
                    {
                        first ??= place;
                        shared++;
                    }
                }
            }
        }

        return shared > MaxShared && first is var (file, number)
            ? string.Create(CultureInfo.InvariantCulture, $"shares {shared} n-grams with {Path.GetFileName(Against[file])}, the first with row {number}")
            : null;
    }

    private static uint[] Hashes(string text)
    {
        var words = new List<(int Start, int Length)>();
        Words.Of(text, words);
        return [.. words.Select(word => Words.Hash(text.AsSpan(word.Start, word.Length)))];
    }
}
