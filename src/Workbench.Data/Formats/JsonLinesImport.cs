using System.Text;

namespace Workbench.Data.Formats;

/// <summary>How far an import is.</summary>
public sealed record ImportProgress(long BytesRead, int Rows, int BadRows);

/// <summary>What an import wrote.</summary>
/// <param name="Shape">Shape of the rows; null when no row was good.</param>
/// <param name="ContentHash">SHA-256 of the canonical rows.</param>
/// <param name="Bad">The first bad lines, <see cref="JsonLinesImport.ListedBadRows"/> at most; all are in the folder.</param>
public sealed record ImportResult(RowShape? Shape, string ContentHash, int Rows, int BadRows, long Bytes, IReadOnlyList<BadRow> Bad);

/// <summary>Reads JSON lines of any known shape into canonical rows; what is not understood is kept aside with its reason.</summary>
public static class JsonLinesImport
{
    /// <summary>How many bad lines the result lists.</summary>
    public const int ListedBadRows = 1000;

    private const int ProgressEvery = 1000;

    /// <param name="source">The uploaded bytes.</param>
    /// <param name="folder">An empty folder that receives the files.</param>
    /// <param name="progress">Told every thousand lines and at the end.</param>
    /// <param name="maxLineBytes">Longest line accepted.</param>
    /// <param name="cancellationToken">Stops between lines; the folder is then incomplete and the caller's to remove.</param>
    public static async Task<ImportResult> RunAsync(
        Stream source,
        string folder,
        IProgress<ImportProgress>? progress = null,
        int maxLineBytes = JsonLinesReader.DefaultMaxLineBytes,
        CancellationToken cancellationToken = default)
    {
        using var writer = new RowFileWriter(folder);
        var bad = new List<BadRow>();
        RowShape? shape = null;
        long bytesRead = 0;
        await foreach (var line in JsonLinesReader.ReadAsync(source, maxLineBytes, cancellationToken))
        {
            bytesRead += line.Bytes.Length + 1;
            try
            {
                shape = Add(writer, line, shape, maxLineBytes);
            }
            catch (RowFormatException exception)
            {
                var row = new BadRow(line.Number, exception.Message, Encoding.UTF8.GetString(line.Bytes.Span));
                writer.AddBad(row);
                if (bad.Count < ListedBadRows)
                {
                    bad.Add(row);
                }
            }

            if ((writer.Rows + writer.BadRows) % ProgressEvery == 0)
            {
                progress?.Report(new ImportProgress(bytesRead, writer.Rows, writer.BadRows));
            }
        }

        progress?.Report(new ImportProgress(bytesRead, writer.Rows, writer.BadRows));
        return new ImportResult(shape, writer.Complete(), writer.Rows, writer.BadRows, writer.Bytes, bad);
    }

    /// <summary>The first good row decides the shape of the file: a trainer reads all rows in one way.</summary>
    private static RowShape Add(RowFileWriter writer, RawLine line, RowShape? shape, int maxLineBytes)
    {
        if (line.TooLong)
        {
            throw new RowFormatException($"the line is longer than {maxLineBytes:N0} bytes; split the row");
        }

        var row = RowParser.Parse(line.Bytes);
        if (shape is { } expected && expected != row.Shape)
        {
            throw new RowFormatException($"the row is of shape {row.Shape}, but the rows before it are {expected}; import the shapes as two datasets");
        }

        writer.Add(row.Json);
        return row.Shape;
    }
}
