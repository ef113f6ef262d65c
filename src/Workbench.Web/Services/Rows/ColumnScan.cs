using Workbench.Data.Filters;

namespace Workbench.Web.Services.Rows;

/// <summary>Reads all rows of a version for those that fulfil conditions: blocks of whole lines, on all cores.</summary>
internal static class ColumnScan
{
    private const int BlockBytes = 8 << 20;

    /// <summary>Numbers of the rows that fulfil every condition, from 0, ascending.</summary>
    /// <param name="path">Canonical rows, a line each.</param>
    /// <param name="filters">The conditions.</param>
    /// <param name="progress">Told the rows read, now and then.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public static int[] Find(string path, IReadOnlyList<ColumnFilter> filters, Action<int> progress, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var (found, number) = (new List<int>(), 0);
        var buffer = new byte[BlockBytes];
        var held = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = file.ReadAtLeast(buffer.AsSpan(held), buffer.Length - held, throwOnEndOfStream: false);
            var end = held + read;
            var last = read < buffer.Length - held;
            var whole = last ? end : buffer.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
            if (whole == 0 && !last)
            {
                held = end;
                Array.Resize(ref buffer, buffer.Length * 2); // a row longer than the block
                continue;
            }

            number = Block(buffer.AsMemory(0, whole), filters, number, found);
            progress(number);
            if (last)
            {
                return [.. found];
            }

            buffer.AsSpan(whole, end - whole).CopyTo(buffer);
            held = end - whole;
        }
    }

    private static int Block(ReadOnlyMemory<byte> block, IReadOnlyList<ColumnFilter> filters, int first, List<int> found)
    {
        var lines = Lines(block.Span);
        var holds = new bool[lines.Count];
        Parallel.For(0, lines.Count, i =>
        {
            var line = block[lines[i].Start..lines[i].End];
            holds[i] = filters.All(filter => filter.Holds(line.Span));
        });
        found.AddRange(Enumerable.Range(0, lines.Count).Where(i => holds[i]).Select(i => first + i));
        return first + lines.Count;
    }

    private static List<(int Start, int End)> Lines(ReadOnlySpan<byte> block)
    {
        var lines = new List<(int, int)>();
        for (var start = 0; start < block.Length;)
        {
            var length = block[start..].IndexOf((byte)'\n');
            var end = length < 0 ? block.Length : start + length;
            lines.Add((start, end));
            start = end + 1;
        }

        return lines;
    }
}
