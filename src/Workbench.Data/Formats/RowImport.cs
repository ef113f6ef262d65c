using System.Text;
using Workbench.Data.Formats.Files;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Data.Formats;

/// <summary>How far an import is.</summary>
public sealed record ImportProgress(long BytesRead, int Rows, int BadRows);

/// <summary>What an import wrote.</summary>
/// <param name="Shape">Shape of the rows; null when no row was good.</param>
/// <param name="ContentHash">SHA-256 of the canonical rows.</param>
/// <param name="Bad">The first bad lines, <see cref="RowImport.ListedBadRows"/> at most, long ones shortened; all are in the folder, whole.</param>
public sealed record ImportResult(RowShape? Shape, string ContentHash, int Rows, int BadRows, long Bytes, IReadOnlyList<BadRow> Bad);

/// <summary>How an import reads.</summary>
public sealed record ImportOptions
{
    /// <summary>Name of the file: decides between kinds where its bytes do not.</summary>
    public string FileName { get; init; } = "";

    /// <summary>Which columns are what, for files of no known form.</summary>
    public ColumnMapping? Mapping { get; init; }

    /// <summary>Longest row accepted, in bytes.</summary>
    public int MaxRowBytes { get; init; } = JsonLinesReader.DefaultMaxLineBytes;
}

/// <summary>Reads a file of any known kind and form into canonical rows; what is not understood is kept aside with its reason.</summary>
public static class RowImport
{
    /// <summary>How many bad lines the result lists.</summary>
    public const int ListedBadRows = 1000;

    private const int ListedText = 4096;
    private const int ProgressEvery = 1000;

    /// <param name="source">The uploaded bytes.</param>
    /// <param name="folder">An empty folder that receives the files.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="progress">Told every thousand rows and at the end.</param>
    /// <param name="cancellationToken">Stops between rows; the folder is then incomplete and the caller's to remove.</param>
    /// <exception cref="DataFileException">The file as a whole cannot be read.</exception>
    public static async Task<ImportResult> RunAsync(
        Stream source,
        string folder,
        ImportOptions? options = null,
        IProgress<ImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new ImportOptions();
        using var writer = new RowFileWriter(folder);
        var bad = new List<BadRow>();
        RowShape? shape = null;
        long bytesRead = 0;
        var lines = DataFile.ReadAsync(source, options.FileName, options.MaxRowBytes, cancellationToken);
        await foreach (var line in RowReading.ParseAsync(lines, options.Mapping, options.MaxRowBytes, cancellationToken))
        {
            bytesRead += line.SourceBytes + 1;
            if (line.Row is { } row && (shape ??= row.Shape) == row.Shape)
            {
                writer.Add(line.Canonical.Span);
            }
            else
            {
                var aside = line.Bad ?? OtherShape(line, shape);
                writer.AddBad(aside);
                if (bad.Count < ListedBadRows)
                {
                    bad.Add(aside.Text.Length <= ListedText ? aside : aside with { Text = aside.Text[..ListedText] + "…" });
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
    private static BadRow OtherShape(ParsedLine line, RowShape? expected) => new(
        line.Number,
        $"the row is of shape {line.Row!.Shape}, but the rows before it are {expected}; import the shapes as two datasets",
        Encoding.UTF8.GetString(line.Canonical.Span));
}
