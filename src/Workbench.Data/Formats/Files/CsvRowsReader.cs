using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;

namespace Workbench.Data.Formats.Files;

/// <summary>
/// CSV records as JSON objects under the names of the header. A field that holds JSON (a list of messages, an object) or is the
/// truth value of a KTO label becomes that value; all else stays text. Numbered by the line on which a record ends.
/// </summary>
internal static class CsvRowsReader
{
    private const int MaxColumns = 10_000;
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = RowParser.MaxDepth };
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = RowParser.MaxDepth };
    private static readonly string[] Delimiters = ["\t", ";", ","];

    public static async IAsyncEnumerable<RawLine> ReadAsync(
        HeadStream stream, int maxRecordBytes, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var bounded = new RecordBoundStream(stream, maxRecordBytes);
        using var text = new StreamReader(bounded, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 14, leaveOpen: true);
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = Delimiter(stream.Head),
            BadDataFound = null,
            IgnoreBlankLines = true,
            BufferSize = 1 << 14,
        });
        if (await HeaderAsync(csv) is not { } header)
        {
            yield break;
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bounded.NextRecord();
            RawLine line;
            var last = false;
            try
            {
                if (!await csv.ReadAsync())
                {
                    yield break;
                }

                line = Row(header, csv);
            }
            catch (RecordTooLongException)
            {
                last = true;
                line = new RawLine(csv.RawRow + 1, default, false)
                {
                    Problem = $"the record is longer than {maxRecordBytes:N0} bytes: a quote is probably not closed. Nothing after it could be read",
                };
            }

            yield return line;
            if (last)
            {
                yield break;
            }
        }
    }

    private static async Task<string[]?> HeaderAsync(CsvParser csv)
    {
        try
        {
            if (!await csv.ReadAsync())
            {
                return null;
            }
        }
        catch (RecordTooLongException exception)
        {
            throw new DataFileException("The file is neither JSON nor CSV: its first line does not end. Give JSON, JSON lines, CSV or Parquet.", exception);
        }

        var header = csv.Record!;
        Check(header);
        return header;
    }

    private static RawLine Row(string[] header, CsvParser csv)
    {
        var fields = csv.Record!;
        var raw = Encoding.UTF8.GetBytes(csv.RawRecord.TrimEnd('\r', '\n'));
        if (fields.Length != header.Length)
        {
            return new RawLine(csv.RawRow, raw, false)
            {
                Problem = $"the record has {fields.Length} fields, the header {header.Length}; quote fields that hold the separator, and double quotes within them",
            };
        }

        if (csv.RawRecord.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return new RawLine(csv.RawRow, raw, false) { Problem = "the record is not valid UTF-8; save the file as UTF-8" };
        }

        return new RawLine(csv.RawRow, Json(header, fields), false);
    }

    private static ReadOnlyMemory<byte> Json(string[] header, string[] fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        for (var i = 0; i < header.Length; i++)
        {
            json.WritePropertyName(header[i]);
            WriteValue(json, header[i], fields[i]);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteValue(Utf8JsonWriter json, string column, string field)
    {
        if (column == "label" && Truth(field) is { } label)
        {
            json.WriteBooleanValue(label);
        }
        else if (field.TrimStart() is ['[' or '{', ..] && Parsed(field) is { } value)
        {
            value.WriteTo(json);
        }
        else
        {
            json.WriteStringValue(field);
        }
    }

    private static bool? Truth(string field) => field.Trim().ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    private static JsonElement? Parsed(string field)
    {
        try
        {
            using var document = JsonDocument.Parse(field, Reading);
            return document.RootElement.ValueKind == JsonValueKind.Array
                && document.RootElement.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
                || document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : null;
        }
        catch (JsonException)
        {
            return null; // a text that happens to start with a bracket
        }
    }

    private static void Check(string[] header)
    {
        if (header.Length > MaxColumns)
        {
            throw new DataFileException($"The first line has {header.Length:N0} columns. A CSV file needs a header of at most {MaxColumns:N0} names.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < header.Length; i++)
        {
            header[i] = header[i].Trim();
            if (header[i].Length == 0)
            {
                throw new DataFileException($"Column {i + 1} of the CSV header has no name. Name it, or remove the column.");
            }

            if (!names.Add(header[i]))
            {
                throw new DataFileException($"The CSV header names the column {header[i]} twice. Rename one of them.");
            }
        }
    }

    private static string Delimiter(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf((byte)'\n');
        var line = Encoding.UTF8.GetString(end < 0 ? head : head[..end]);
        return Delimiters.MaxBy(delimiter => line.Split(delimiter).Length) is { } best && line.Contains(best, StringComparison.Ordinal) ? best : ",";
    }

    private sealed class RecordTooLongException : Exception;

    /// <summary>Gives only so many bytes for a record: an unclosed quote must not draw the whole file into memory.</summary>
    private sealed class RecordBoundStream(Stream inner, int maxRecordBytes) : Stream
    {
        private long since;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void NextRecord() => since = 0;

        public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Counted(int read)
        {
            since += read;
            return since <= maxRecordBytes ? read : throw new RecordTooLongException();
        }
    }
}
