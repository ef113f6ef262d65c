using System.Runtime.CompilerServices;
using System.Text;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Data.Formats;

/// <summary>A line that became a row, or the reason why it did not.</summary>
/// <param name="Number">Line number in the source, from 1.</param>
/// <param name="Row">The row; null for a bad line.</param>
/// <param name="Canonical">The row's canonical JSON, UTF-8 without a line end.</param>
/// <param name="Bad">What is wrong; null for a row.</param>
/// <param name="SourceBytes">Length of the line in the unpacked source.</param>
public readonly record struct ParsedLine(int Number, Row? Row, ReadOnlyMemory<byte> Canonical, BadRow? Bad, int SourceBytes);

/// <summary>Lines to rows in their order, parsed on all cores: parsing is nine tenths of an import.</summary>
public static class RowReading
{
    private const int BatchRows = 256;

    /// <summary>Rows of a batch are held at once, so their bytes bound the memory.</summary>
    private const int BatchBytes = 4 * 1024 * 1024;

    /// <summary>Parses every line; never throws for a bad one.</summary>
    /// <param name="lines">From <see cref="Files.DataFile"/>.</param>
    /// <param name="mapping">Which columns are what, for files of no known form.</param>
    /// <param name="maxRowBytes">The limit that the lines were read with, for the message.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static async IAsyncEnumerable<ParsedLine> ParseAsync(
        IAsyncEnumerable<RawLine> lines, ColumnMapping? mapping, int maxRowBytes, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in BatchesAsync(lines, cancellationToken))
        {
            var parsed = new ParsedLine[batch.Count];
            if (batch.Count == 1)
            {
                parsed[0] = Parse(batch[0], mapping, maxRowBytes);
            }
            else
            {
                Parallel.For(0, batch.Count, i => parsed[i] = Parse(batch[i], mapping, maxRowBytes));
            }

            foreach (var line in parsed)
            {
                yield return line;
            }
        }
    }

    private static async IAsyncEnumerable<List<RawLine>> BatchesAsync(IAsyncEnumerable<RawLine> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new List<RawLine>();
        var bytes = 0;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            batch.Add(line);
            bytes += line.Bytes.Length;
            if (batch.Count == BatchRows || bytes >= BatchBytes)
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private static ParsedLine Parse(RawLine line, ColumnMapping? mapping, int maxRowBytes)
    {
        try
        {
            if (line.TooLong)
            {
                throw new RowFormatException($"the row is longer than {maxRowBytes:N0} bytes; split it");
            }

            if (line.Problem is { } problem)
            {
                throw new RowFormatException(problem);
            }

            var row = RowParser.Parse(line.Bytes, mapping);
            return new ParsedLine(line.Number, row, RowJson.Bytes(row.Json).ToArray(), null, line.Bytes.Length);
        }
        catch (RowFormatException exception)
        {
            return new ParsedLine(line.Number, null, default, new BadRow(line.Number, exception.Message, Encoding.UTF8.GetString(line.Bytes.Span)), line.Bytes.Length);
        }
    }
}
