using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Workbench.Data.DuckDb;

namespace Workbench.Data.Formats;

/// <summary>What was written.</summary>
/// <param name="ContentHash">SHA-256 of the canonical rows, one a line: the same for the same rows in any kind of file.</param>
public sealed record WrittenRows(int Rows, long Bytes, string ContentHash);

/// <summary>Writes rows to a file whose name says the kind: <c>.parquet</c>, <c>.jsonl</c> or <c>.json</c> lines, and <c>.gz</c> of these.</summary>
public static class RowOutput
{
    /// <summary>Writes all rows or none: the file appears under its name when it is whole.</summary>
    /// <param name="rows">Objects; pulled one after another.</param>
    /// <param name="path">Replaced where it exists.</param>
    /// <param name="cancellationToken">Stops between rows; nothing is left behind.</param>
    /// <exception cref="DuckDbException">Parquet without DuckDB's library.</exception>
    public static WrittenRows Write(IEnumerable<JsonElement> rows, string path, CancellationToken cancellationToken = default)
    {
        path = Path.GetFullPath(path);
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(path)!).FullName;
        var working = Directory.CreateDirectory(Path.Combine(folder, $".workbench-{Guid.NewGuid():N}")).FullName;
        try
        {
            var part = Path.Combine(working, Path.GetFileName(path));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var (count, bytes) = (0, 0L);
            var hashed = rows.Select(row =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var line = RowJson.Bytes(row);
                hash.AppendData(line);
                hash.AppendData("\n"u8);
                bytes += line.Length + 1;
                count++;
                return row;
            });
            if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            {
                ParquetFiles.Write(hashed, part, working, cancellationToken);
            }
            else
            {
                WriteLines(hashed, part);
            }

            File.Move(part, path, overwrite: true);
            return new WrittenRows(count, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            Directory.Delete(working, recursive: true);
        }
    }

    private static void WriteLines(IEnumerable<JsonElement> rows, string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            using var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
            Lines(rows, gzip);
        }
        else
        {
            Lines(rows, file);
        }

        file.Flush(flushToDisk: true);
    }

    private static void Lines(IEnumerable<JsonElement> rows, Stream stream)
    {
        foreach (var row in rows)
        {
            stream.Write(RowJson.Bytes(row));
            stream.WriteByte((byte)'\n');
        }
    }
}
