using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary>
/// JSON lines in, JSON lines out, one for one and in order, each written before the next is read. A line that fails gives
/// <c>{"error":{"type","message","lineno"}}</c> in its place and the rest goes on.
/// </summary>
internal sealed class LineLoop(VerbIo io) : IDisposable
{
    private const int MaxDepth = 256;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth };

    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json = new(Stream.Null, Plain);

    public void Dispose() => json.Dispose();

    /// <summary>Reads to the end of the input.</summary>
    /// <param name="answer">Writes one JSON value for the line's value; false where the value says that the line failed.</param>
    /// <param name="cancellationToken">Ends the loop between two lines.</param>
    /// <returns>The verb's exit code.</returns>
    public async Task<int> RunAsync(Func<JsonElement, Utf8JsonWriter, bool> answer, CancellationToken cancellationToken)
    {
        var code = ExitCodes.Done;
        await foreach (var line in JsonLinesReader.ReadAsync(io.Input, cancellationToken: cancellationToken))
        {
            if (!Answer(line, answer))
            {
                code = ExitCodes.Failed;
            }

            await WriteAsync(cancellationToken);
        }

        return code;
    }

    /// <summary>Writes one line that answers no input: a metric, a summary.</summary>
    public async Task WriteAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        Begin();
        write(json);
        await WriteAsync(cancellationToken);
    }

    private bool Answer(RawLine line, Func<JsonElement, Utf8JsonWriter, bool> answer)
    {
        try
        {
            if (line.TooLong)
            {
                throw new RowFormatException($"the line is longer than {JsonLinesReader.DefaultMaxLineBytes:N0} bytes");
            }

            using var document = JsonDocument.Parse(line.Bytes, Reading);
            Begin();
            return answer(document.RootElement, json);
        }
#pragma warning disable CA1031 // a line may fail in any way: it is reported in its place, and the lines after it still have their turn
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(exception) ?? new Failure("internal_error", exception.Message);
            io.Error.WriteLine($"workbench: line {line.Number}: {failure.Message}");
            Begin();
            json.WriteStartObject();
            WriteError(json, failure);
            json.WriteEndObject();
            return false;
        }
    }

    /// <summary>The property <c>error</c> of the current object.</summary>
    public static void WriteError(Utf8JsonWriter json, Failure failure)
    {
        json.WriteStartObject("error");
        json.WriteString("type", failure.Type);
        json.WriteString("message", failure.Message);
        if (failure.Line is { } lineno)
        {
            json.WriteNumber("lineno", lineno);
        }
        else
        {
            json.WriteNull("lineno");
        }

        if (failure.Remedy is not null)
        {
            json.WriteString("remedy", failure.Remedy);
        }

        json.WriteEndObject();
    }

    private void Begin()
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        json.Flush();
        buffer.Write("\n"u8);
        await io.Output.WriteAsync(buffer.WrittenMemory, cancellationToken);
        await io.Output.FlushAsync(cancellationToken);
    }
}
