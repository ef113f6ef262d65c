using System.Runtime.CompilerServices;
using Workbench.Data.DuckDb;

namespace Workbench.Data.Formats.Files;

/// <summary>Reads the rows of a file of any known kind as JSON, one after another, in memory that does not grow with the file.</summary>
public static class DataFile
{
    private const int MaxPackings = 2;

    /// <summary>The rows, each as the bytes of a JSON value; what cannot be one carries its problem.</summary>
    /// <param name="source">The file, from its start.</param>
    /// <param name="name">Its name: decides where the bytes do not.</param>
    /// <param name="maxRowBytes">Longest row accepted.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    /// <exception cref="DataFileException">The file as a whole cannot be read.</exception>
    public static async IAsyncEnumerable<RawLine> ReadAsync(
        Stream source, string name, int maxRowBytes = JsonLinesReader.DefaultMaxLineBytes, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var stream = await HeadStream.OpenAsync(source, FileSniffer.HeadBytes, cancellationToken);
        for (var packings = 0; FileSniffer.IsGzip(stream.Head) || FileSniffer.IsZstandard(stream.Head); packings++)
        {
            if (packings == MaxPackings)
            {
                throw new DataFileException($"The file is packed more than {MaxPackings} times over. Unpack it first.");
            }

            var unpacked = FileSniffer.IsGzip(stream.Head) ? UnpackedStream.Gzip(stream) : UnpackedStream.Zstandard(stream);
            stream = await HeadStream.OpenAsync(unpacked, FileSniffer.HeadBytes, cancellationToken);
        }

        var kind = FileSniffer.Kind(stream.Head, name);
        var rows = kind switch
        {
            DataFileKind.JsonLines => JsonLinesReader.ReadAsync(stream, maxRowBytes, cancellationToken),
            DataFileKind.Csv => CsvRowsReader.ReadAsync(stream, maxRowBytes, cancellationToken),
            DataFileKind.Parquet => ParquetAsync(stream, maxRowBytes, cancellationToken),
            _ => JsonValuesReader.ReadAsync(stream, kind, maxRowBytes, cancellationToken),
        };
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row;
        }
    }

    /// <summary>Parquet is read from its end, so a stream of it goes to the disk first.</summary>
    private static async IAsyncEnumerable<RawLine> ParquetAsync(
        HeadStream stream, int maxRowBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("workbench-parquet-");
        try
        {
            var path = Path.Combine(folder.FullName, "source.parquet");
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                await stream.CopyToAsync(file, cancellationToken);
            }

            await foreach (var row in ParquetFiles.ReadAsync(path, folder.FullName, maxRowBytes, cancellationToken))
            {
                yield return row;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
