using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Files;

namespace Workbench.Data.DuckDb;

/// <summary>Parquet to and from JSON lines. DuckDB reads and writes the files; rows pass through JSON lines in a temporary folder.</summary>
public static class ParquetFiles
{
    /// <summary>
    /// The rows of a Parquet file. Null fields are left out: Parquet gives every object all the keys of its column, and a
    /// message with <c>"tool_calls":null</c> never had one.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="temporary">An existing folder for rows on their way.</param>
    /// <param name="maxRowBytes">Longest row accepted.</param>
    /// <param name="cancellationToken">Interrupts DuckDB.</param>
    /// <exception cref="DataFileException">The file is no Parquet, or damaged.</exception>
    /// <exception cref="DuckDbException">DuckDB is not there.</exception>
    public static async IAsyncEnumerable<RawLine> ReadAsync(
        string path, string temporary, int maxRowBytes = JsonLinesReader.DefaultMaxLineBytes, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var lines = Path.Combine(temporary, $"parquet-{Guid.NewGuid():N}.jsonl");
        try
        {
            await Task.Run(() => Unpack(path, lines, temporary, cancellationToken), cancellationToken);
            await using var file = new FileStream(lines, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
            await foreach (var line in JsonLinesReader.ReadAsync(file, maxRowBytes, cancellationToken))
            {
                yield return line.TooLong ? line : line with { Bytes = WithoutNulls(line.Bytes) };
            }
        }
        finally
        {
            File.Delete(lines);
        }
    }

    /// <summary>Writes rows as Parquet, compressed with Zstandard, in their order.</summary>
    /// <param name="rows">Objects; texts stay texts, whatever they look like.</param>
    /// <param name="path">The file to write; replaced when it exists.</param>
    /// <param name="temporary">An existing folder for rows on their way.</param>
    /// <param name="cancellationToken">Interrupts DuckDB.</param>
    /// <exception cref="DuckDbException">DuckDB is not there or cannot write.</exception>
    public static void Write(IEnumerable<JsonElement> rows, string path, string temporary, CancellationToken cancellationToken = default)
    {
        DuckDbLibrary.Require();
        var lines = Path.Combine(temporary, $"parquet-{Guid.NewGuid():N}.jsonl");
        try
        {
            var (schema, longest) = Spool(rows, lines, cancellationToken);
            var columns = string.Join(", ", schema.Fields.Select(column => $"{DuckDbConnection.Quote(column.Name)}: {DuckDbConnection.Quote(column.Type.ToString())}"));
            using var duckdb = new DuckDbConnection(temporary);
            duckdb.Execute(
                $"COPY (SELECT * FROM read_json({DuckDbConnection.Quote(lines)}, format = 'newline_delimited', columns = {{{columns}}}, "
                + $"maximum_object_size = {Math.Max(longest + 1, 1 << 24)})) TO {DuckDbConnection.Quote(path)} (FORMAT parquet, COMPRESSION zstd)",
                cancellationToken);
        }
        finally
        {
            File.Delete(lines);
        }
    }

    /// <summary>One Parquet file of several with the same columns, their rows in the order of the files.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="target">The file to write.</param>
    /// <param name="temporary">An existing folder that DuckDB may write in.</param>
    /// <param name="cancellationToken">Interrupts DuckDB.</param>
    /// <exception cref="DataFileException">A file is no Parquet, damaged, or has other columns.</exception>
    public static void Join(IReadOnlyList<string> paths, string target, string temporary, CancellationToken cancellationToken = default)
    {
        using var duckdb = new DuckDbConnection(temporary);
        try
        {
            duckdb.Execute(
                $"COPY (SELECT * FROM read_parquet([{string.Join(", ", paths.Select(DuckDbConnection.Quote))}], union_by_name = true)) TO {DuckDbConnection.Quote(target)} (FORMAT parquet, COMPRESSION zstd)",
                cancellationToken);
        }
        catch (DuckDbException exception)
        {
            throw new DataFileException($"The Parquet files cannot be read together: {FirstLine(exception.Message)}.", exception);
        }
    }

    private static void Unpack(string path, string lines, string temporary, CancellationToken cancellationToken)
    {
        using var duckdb = new DuckDbConnection(temporary);
        try
        {
            duckdb.Execute($"COPY (SELECT * FROM read_parquet({DuckDbConnection.Quote(path)})) TO {DuckDbConnection.Quote(lines)} (FORMAT json)", cancellationToken);
        }
        catch (DuckDbException exception)
        {
            throw new DataFileException($"The Parquet file cannot be read: {FirstLine(exception.Message)}. Download it again.", exception);
        }
    }

    private static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n')[0].TrimEnd('.');

    private static (ParquetType Schema, int Longest) Spool(IEnumerable<JsonElement> rows, string lines, CancellationToken cancellationToken)
    {
        var schema = new ParquetType();
        var longest = 0;
        using var file = new FileStream(lines, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            schema.Add(row);
            var bytes = RowJson.Bytes(row);
            longest = Math.Max(longest, bytes.Length);
            file.Write(bytes);
            file.WriteByte((byte)'\n');
        }

        return schema.IsStruct ? (schema, longest)
            : throw new DuckDbException("There is nothing that Parquet could hold: no rows, or rows whose columns differ only in case or are more than 64.");
    }

    private static ReadOnlyMemory<byte> WithoutNulls(ReadOnlyMemory<byte> line)
    {
        if (line.Span.IndexOf(":null"u8) < 0)
        {
            return line;
        }

        using var document = JsonDocument.Parse(line);
        var buffer = new ArrayBufferWriter<byte>(line.Length);
        using var json = new Utf8JsonWriter(buffer, RowJson.Canonical);
        Write(document.RootElement, json);
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(JsonElement value, Utf8JsonWriter json)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject();
            foreach (var field in value.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
            {
                json.WritePropertyName(field.Name);
                Write(field.Value, json);
            }

            json.WriteEndObject();
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                Write(item, json);
            }

            json.WriteEndArray();
        }
        else
        {
            value.WriteTo(json);
        }
    }
}
