using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Sampling;

/// <summary>
/// Rows that wait in a temporary file until all of them are seen: what an operator needs that decides only at the end of the stream. In memory
/// it keeps a few bytes a row. The file goes with the process.
/// </summary>
public sealed class RowSpool : IDisposable
{
    private readonly FileStream file = new(
        Path.Combine(Path.GetTempPath(), $"workbench-rows-{Guid.NewGuid():N}"),
        FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    private readonly List<(int Number, int Bytes, RowShape Shape, string? Source)> held = [];

    /// <summary>Appends a row.</summary>
    public void Add(RowItem item)
    {
        var bytes = RowJson.Bytes(item.Row.Json);
        file.Write(bytes);
        held.Add((item.Number, bytes.Length, item.Row.Shape, item.Row.Source));
    }

    /// <summary>The rows in their order.</summary>
    public IEnumerable<RowItem> Read()
    {
        file.Position = 0;
        foreach (var (number, length, shape, source) in held)
        {
            var bytes = new byte[length];
            file.ReadExactly(bytes);
            yield return new RowItem(number, new Row(shape, JsonSerializer.Deserialize<JsonElement>(bytes)) { Source = source });
        }
    }

    public void Dispose() => file.Dispose();
}
