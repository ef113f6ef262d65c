using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Workbench.Data.Formats;

/// <summary>
/// Writes rows in canonical form: one minified JSON object a line (<c>rows.jsonl</c>), beside it the start of each line
/// (<c>rows.idx</c>, little-endian int64, the end of the last line after it) so that a page is read without reading what comes before,
/// and the lines that were not understood (<c>bad.jsonl</c>).
/// </summary>
public sealed class RowFileWriter : IDisposable
{
    internal const string RowsFile = "rows.jsonl";
    internal const string IndexFile = "rows.idx";
    internal const string BadFile = "bad.jsonl";

    private readonly FileStream rows;
    private readonly FileStream index;
    private readonly FileStream bad;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Utf8JsonWriter json;

    /// <param name="folder">An existing folder without these files.</param>
    public RowFileWriter(string folder)
    {
        rows = new FileStream(Path.Combine(folder, RowsFile), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        index = new FileStream(Path.Combine(folder, IndexFile), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        bad = new FileStream(Path.Combine(folder, BadFile), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 12);
        json = new Utf8JsonWriter(line, RowJson.Canonical);
    }

    /// <summary>Rows written.</summary>
    public int Rows { get; private set; }

    /// <summary>Lines kept aside.</summary>
    public int BadRows { get; private set; }

    /// <summary>Bytes of canonical rows.</summary>
    public long Bytes { get; private set; }

    /// <exception cref="RowFormatException">A string in the row cannot be written as UTF-8.</exception>
    public void Add(JsonElement row) => Add(RowJson.Bytes(row));

    /// <summary>Writes a row whose canonical JSON is known.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        WriteOffset(Bytes);
        rows.Write(bytes);
        rows.WriteByte((byte)'\n');
        hash.AppendData(bytes);
        hash.AppendData("\n"u8);
        Bytes += bytes.Length + 1;
        Rows++;
    }

    /// <summary>Keeps a line aside.</summary>
    public void AddBad(BadRow row)
    {
        line.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        json.WriteNumber("line", row.Line);
        json.WriteString("reason", row.Reason);
        json.WriteString("text", row.Text);
        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
        bad.Write(line.WrittenSpan);
        BadRows++;
    }

    /// <summary>Writes everything through to the disk and returns the SHA-256 of the rows in lower-case hexadecimal.</summary>
    public string Complete()
    {
        WriteOffset(Bytes);
        foreach (var file in (FileStream[])[rows, index, bad])
        {
            file.Flush(flushToDisk: true);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        json.Dispose();
        rows.Dispose();
        index.Dispose();
        bad.Dispose();
        hash.Dispose();
    }

    private void WriteOffset(long offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, offset);
        index.Write(bytes);
    }
}
