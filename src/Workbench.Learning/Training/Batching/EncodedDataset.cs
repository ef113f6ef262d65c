using System.Security.Cryptography;
using System.Runtime.InteropServices;
using Workbench.Data.Formats;
using Workbench.Learning.Training.Sft;

namespace Workbench.Learning.Training.Batching;

/// <summary>All rows of a dataset file, ready for training, with what its owner should know about them.</summary>
internal sealed class EncodedDataset<TRow>
    where TRow : IEncodedRow<TRow>
{
    private const int LinesNamed = 10;

    private EncodedDataset(IReadOnlyList<TRow> rows, IReadOnlyList<string> notices)
    {
        Rows = rows;
        Notices = notices;
    }

    public IReadOnlyList<TRow> Rows { get; }

    /// <summary>Rows that were cut or left out, with their lines.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>SHA-256 over all ids and labels in their order.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in Rows.SelectMany(row => row.Parts))
        {
            hash.AppendData(BitConverter.GetBytes(row.InputIds.Length));
            hash.AppendData(MemoryMarshal.AsBytes(row.InputIds.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(row.Labels.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes((row.Weights ?? []).AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Reads the file row by row.</summary>
    /// <param name="path">JSON lines.</param>
    /// <param name="encode">From a row and its line to ids and labels.</param>
    /// <param name="maxLength">No row has more tokens.</param>
    /// <param name="vocabSize">Ids must be below.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <param name="split">Makes several rows of one that is too long; null cuts it at its end.</param>
    /// <exception cref="TrainingException">The file is missing, a line is broken, or there is nothing to train on.</exception>
    public static EncodedDataset<TRow> Load(
        string path, Func<Row, int, TRow> encode, int maxLength, int vocabSize, CancellationToken stop, Func<TRow, int, IEnumerable<TRow>>? split = null)
    {
        var rows = new List<TRow>();
        List<int> cut = [], empty = [];
        var read = 0;
        using var file = Open(path);
        foreach (var line in JsonLinesReader.ReadAsync(file, cancellationToken: stop).ToBlockingEnumerable(stop))
        {
            read++;
            var row = Encode(path, line, encode);
            if (row.Parts.Select(part => part.Problem(vocabSize)).OfType<string>().FirstOrDefault() is { } problem)
            {
                throw new TrainingException($"{path}, line {line.Number}: {problem} Was it tokenized for another model?");
            }

            if (row.Parts.Any(part => part.InputIds.Length > maxLength))
            {
                cut.Add(line.Number);
                if (split is not null)
                {
                    rows.AddRange(split(row, maxLength).Where(part => part.Parts.All(own => own.TrainedTokens > 0)));
                    continue;
                }

                row = row.Map(part => part.Cut(Math.Min(maxLength, part.InputIds.Length)));
            }

            if (row.Parts.All(part => part.TrainedTokens > 0))
            {
                rows.Add(row);
            }
            else
            {
                empty.Add(line.Number);
            }
        }

        if (rows.Count == 0)
        {
            throw new TrainingException(empty.Count == 0
                ? $"{path} holds no rows."
                : $"{path}: none of its {empty.Count} rows has anything to train on. Do the conversations have assistant turns, "
                  + "and does max_length reach them?");
        }

        var notices = new List<string>();
        Report(notices, cut, read, split is null ? $"longer than {maxLength} tokens and cut at their end" : $"longer than {maxLength} tokens and continued in further rows");
        Report(notices, empty, read, "left out, because nothing in them is trained");
        return new EncodedDataset<TRow>(rows, notices);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"The dataset {path} cannot be read: {error.Message}", error);
        }
    }

    private static TRow Encode(string path, RawLine line, Func<Row, int, TRow> encode)
    {
        try
        {
            return line.TooLong
                ? throw new RowFormatException("the line is longer than 16 MB; split the row")
                : encode(RowParser.Parse(line.Bytes), line.Number);
        }
        catch (Exception error) when (error is RowFormatException or RowEncodingException)
        {
            throw new TrainingException($"{path}, line {line.Number}: {error.Message}. Correct or remove the line.", error);
        }
    }

    private static void Report(List<string> notices, List<int> lines, int total, string what)
    {
        if (lines.Count > 0)
        {
            var named = string.Join(", ", lines.Take(LinesNamed)) + (lines.Count > LinesNamed ? ", …" : "");
            notices.Add($"{lines.Count} of {total} rows {(lines.Count == 1 ? "was" : "were")} {what} (line {named}).");
        }
    }
}
