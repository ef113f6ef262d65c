using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;
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

    /// <summary>
    /// As <see cref="RunAsync"/>, but what is waiting is answered together: the first line is waited for, and those that have already come
    /// go with it. Where an answer of several fails, each is tried alone.
    /// </summary>
    /// <param name="size">Most lines answered together.</param>
    /// <param name="read">What a line asks for.</param>
    /// <param name="answer">Answers in the order of what was asked.</param>
    /// <param name="write">Writes one JSON value.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    /// <returns>The verb's exit code.</returns>
    public async Task<int> RunTogetherAsync<TAsked, TAnswer>(
        int size, Func<JsonElement, TAsked> read, Func<IReadOnlyList<TAsked>, IReadOnlyList<TAnswer>> answer, Action<TAnswer, Utf8JsonWriter> write,
        CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = Channel.CreateBounded<RawLine>(size);
        var reader = ReadAheadAsync(waiting.Writer, reading.Token);
        var code = ExitCodes.Done;
        try
        {
            while (await waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                var group = new List<(RawLine Line, Result<TAsked> Asked)>();
                while (group.Count < size && waiting.Reader.TryRead(out var line))
                {
                    group.Add((line, Try(() => Parsed(line, read))));
                }

                var answers = Together([.. group.Where(one => one.Asked.Failure is null).Select(one => one.Asked.Value!)], answer);
                var next = 0;
                foreach (var (line, asked) in group)
                {
                    var outcome = asked.Failure is { } failure ? new Result<TAnswer>(null, failure) : answers[next++];
                    Begin();
                    if (outcome.Failure is { } failed)
                    {
                        code = ExitCodes.Failed;
                        WriteFailure(line.Number, failed);
                    }
                    else
                    {
                        write(outcome.Value!, json);
                    }

                    await WriteAsync(cancellationToken);
                }
            }
        }
        finally
        {
            await reading.CancelAsync();
        }

        await reader;
        return code;
    }

    private async Task ReadAheadAsync(ChannelWriter<RawLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in JsonLinesReader.ReadAsync(io.Input, cancellationToken: cancellationToken))
            {
                await lines.WriteAsync(line with { Bytes = line.Bytes.ToArray() }, cancellationToken); // the reader uses its buffer again
            }

            lines.Complete();
        }
        catch (Exception error)
        {
            lines.Complete(error); // rethrown where the lines are read
        }
    }

    private static List<Result<TAnswer>> Together<TAsked, TAnswer>(IReadOnlyList<TAsked> asked, Func<IReadOnlyList<TAsked>, IReadOnlyList<TAnswer>> answer)
        where TAnswer : class
    {
        if (asked.Count == 0)
        {
            return [];
        }

        var all = Try(() => answer(asked));
        return all.Failure is null ? [.. all.Value!.Select(one => new Result<TAnswer>(one, null))]
            : asked.Count == 1 ? [new Result<TAnswer>(null, all.Failure)]
            : [.. asked.Select(one => Try(() => answer([one])[0]))];
    }

    private sealed record Result<T>(T? Value, Failure? Failure);

    private static Result<T> Try<T>(Func<T> work)
    {
        try
        {
            return new(work(), null);
        }
#pragma warning disable CA1031 // a line may fail in any way: it is reported in its place, and the lines after it still have their turn
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new(default, Failure.Of(exception) ?? new Failure("internal_error", exception.Message));
        }
    }

    private static T Parsed<T>(RawLine line, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(Checked(line).Bytes, Reading);
        return read(document.RootElement);
    }

    private static RawLine Checked(RawLine line) => line.TooLong
        ? throw new RowFormatException($"the line is longer than {JsonLinesReader.DefaultMaxLineBytes:N0} bytes")
        : line;

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
            using var document = JsonDocument.Parse(Checked(line).Bytes, Reading);
            Begin();
            return answer(document.RootElement, json);
        }
#pragma warning disable CA1031 // a line may fail in any way: it is reported in its place, and the lines after it still have their turn
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Begin();
            WriteFailure(line.Number, Failure.Of(exception) ?? new Failure("internal_error", exception.Message));
            return false;
        }
    }

    private void WriteFailure(long line, Failure failure)
    {
        io.Error.WriteLine($"workbench: line {line}: {failure.Message}");
        json.WriteStartObject();
        WriteError(json, failure);
        json.WriteEndObject();
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
