using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Workbench.Data.Formats;

/// <summary>
/// One line of a file, or one row of a list. <paramref name="Bytes"/> is cut at the limit when <paramref name="TooLong"/>.
/// </summary>
public readonly record struct RawLine(int Number, ReadOnlyMemory<byte> Bytes, bool TooLong)
{
    /// <summary>Why this can be no row, where the reader of the file found that out; <see cref="Bytes"/> is then what there was.</summary>
    public string? Problem { get; init; }
}

/// <summary>
/// Splits a stream into lines in constant memory: a line longer than the limit is reported and skipped, never held whole.
/// Understands LF and CRLF, a UTF-8 byte order mark, and a last line without an end.
/// </summary>
public static class JsonLinesReader
{
    /// <summary>Longest line accepted, in bytes. A conversation of 100,000 tokens is about half a megabyte.</summary>
    public const int DefaultMaxLineBytes = 16 * 1024 * 1024;

    /// <summary>How much of an overlong line is kept, so that its owner recognises it.</summary>
    private const int KeptOfLongLine = 2048;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The non-blank lines of <paramref name="stream"/>; numbers count blank lines too.</summary>
    public static async IAsyncEnumerable<RawLine> ReadAsync(
        Stream stream,
        int maxLineBytes = DefaultMaxLineBytes,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        byte[]? longLine = null; // the kept start while the rest of an overlong line is being skipped
        var number = 0;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    number++;
                    var line = Line(number, buffer.Slice(0, end), longLine, maxLineBytes);
                    longLine = null;
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                    if (!IsBlank(line.Bytes.Span))
                    {
                        yield return line;
                    }
                }

                if (result.IsCompleted)
                {
                    var last = Line(number + 1, buffer, longLine, maxLineBytes);
                    if (!IsBlank(last.Bytes.Span))
                    {
                        yield return last;
                    }

                    yield break;
                }

                if (longLine is not null || buffer.Length > maxLineBytes)
                {
                    longLine ??= Start(buffer);
                    buffer = buffer.Slice(buffer.End);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static RawLine Line(int number, ReadOnlySequence<byte> bytes, byte[]? longLine, int maxLineBytes)
    {
        if (longLine is not null || bytes.Length > maxLineBytes)
        {
            return new RawLine(number, longLine ?? Start(bytes), TooLong: true);
        }

        ReadOnlyMemory<byte> line = bytes.ToArray();
        if (number == 1 && line.Span.StartsWith(ByteOrderMark))
        {
            line = line[ByteOrderMark.Length..];
        }

        return new RawLine(number, line.Length > 0 && line.Span[^1] == '\r' ? line[..^1] : line, TooLong: false);
    }

    private static byte[] Start(ReadOnlySequence<byte> bytes) => bytes.Slice(0, Math.Min(bytes.Length, KeptOfLongLine)).ToArray();

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0;
}
