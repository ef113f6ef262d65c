using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Workbench.Data.Formats;

/// <summary>A row as bytes in the one form that files, hashes and samples use, however its source spelt it: no white space, no needless escapes.</summary>
public static class RowJson
{
    /// <summary>How canonical JSON is written.</summary>
    public static JsonWriterOptions Canonical { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = RowParser.MaxDepth };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? s_writer;

    /// <summary>UTF-8 without a line end; valid until the thread's next call.</summary>
    /// <exception cref="RowFormatException">A string in the row cannot be written as UTF-8.</exception>
    public static ReadOnlySpan<byte> Bytes(JsonElement row)
    {
        var (bytes, json) = s_writer ??= NewWriter();
        bytes.ResetWrittenCount();
        json.Reset();
        try
        {
            row.WriteTo(json);
            json.Flush();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new RowFormatException("a string holds half of a surrogate pair (\\ud800 to \\udfff alone), which is no character");
        }

        return bytes.WrittenSpan;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) NewWriter()
    {
        var buffer = new ArrayBufferWriter<byte>();
        return (buffer, new Utf8JsonWriter(buffer, Canonical));
    }
}
