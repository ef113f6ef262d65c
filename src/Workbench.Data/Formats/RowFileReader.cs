using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Workbench.Data.Formats;

/// <summary>Reads what <see cref="RowFileWriter"/> wrote; the cost of a page does not depend on where it lies in the file.</summary>
public sealed class RowFileReader(string folder)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = RowParser.MaxDepth };

    /// <summary>Path of the canonical rows, one JSON object a line.</summary>
    public string RowsPath => Path.Combine(folder, RowFileWriter.RowsFile);

    /// <summary>Rows <paramref name="skip"/> to <paramref name="skip"/> + <paramref name="take"/>, fewer at the end.</summary>
    /// <exception cref="InvalidDataException">Index and rows do not fit together.</exception>
    public async Task<IReadOnlyList<JsonElement>> ReadAsync(int skip, int take, CancellationToken cancellationToken = default)
    {
        var offsets = await ReadOffsetsAsync(skip, take, cancellationToken);
        if (offsets.Length < 2)
        {
            return [];
        }

        var bytes = new byte[offsets[^1] - offsets[0]];
        await using var file = Open(RowsPath);
        file.Position = offsets[0];
        await file.ReadExactlyAsync(bytes, cancellationToken);
        var rows = new JsonElement[offsets.Length - 1];
        for (var i = 0; i < rows.Length; i++)
        {
            var start = (int)(offsets[i] - offsets[0]);
            var length = (int)(offsets[i + 1] - offsets[i]);
            using var document = JsonDocument.Parse(bytes.AsMemory(start, length), Options);
            rows[i] = document.RootElement.Clone();
        }

        return rows;
    }

    /// <summary>The lines kept aside, <paramref name="take"/> at most.</summary>
    public async Task<IReadOnlyList<BadRow>> ReadBadAsync(int take, CancellationToken cancellationToken = default)
    {
        var bad = new List<BadRow>();
        await foreach (var row in BadAsync(cancellationToken))
        {
            if (bad.Count == take)
            {
                break;
            }

            bad.Add(row);
        }

        return bad;
    }

    /// <summary>The lines kept aside, one after another.</summary>
    public async IAsyncEnumerable<BadRow> BadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var file = Open(Path.Combine(folder, RowFileWriter.BadFile));
        await foreach (var line in JsonLinesReader.ReadAsync(file, int.MaxValue, cancellationToken))
        {
            using var document = JsonDocument.Parse(line.Bytes);
            var row = document.RootElement;
            yield return new BadRow(row.GetProperty("line").GetInt32(), row.GetProperty("reason").GetString()!, row.GetProperty("text").GetString()!);
        }
    }

    private async Task<long[]> ReadOffsetsAsync(int skip, int take, CancellationToken cancellationToken)
    {
        await using var file = Open(Path.Combine(folder, RowFileWriter.IndexFile));
        var rows = (file.Length / sizeof(long)) - 1;
        var first = Math.Clamp(skip, 0, rows);
        var count = Math.Clamp(take, 0, rows - first);
        var bytes = new byte[(count + 1) * sizeof(long)];
        file.Position = first * sizeof(long);
        await file.ReadExactlyAsync(bytes, cancellationToken);
        var offsets = new long[count + 1];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * sizeof(long)));
            if (offsets[i] < 0 || (i > 0 && offsets[i] <= offsets[i - 1]))
            {
                throw new InvalidDataException($"{folder}: the row index is damaged at row {first + i}; import the file again");
            }
        }

        return offsets;
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 14, useAsync: true);
}
