using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Workbench.Web.Services.Watching;

/// <summary>
/// A run's whole history as columns, read from its folder in one pass: what a chart of 100,000 points opens with. Lines that are no points
/// are left out.
/// </summary>
public sealed class RunColumns
{
    /// <summary>Names beyond so many are left out: nobody looks at them, and each costs a column.</summary>
    private const int MostNames = 200;

    private readonly List<double> steps = [];
    private readonly List<double> epochs = [];
    private readonly List<double> times = [];
    private readonly Dictionary<string, List<double>> columns = new(StringComparer.Ordinal);

    /// <summary>Names of the metrics, in the order in which they came.</summary>
    public IReadOnlyCollection<string> Names => columns.Keys;

    /// <summary>Points.</summary>
    public int Count => steps.Count;

    /// <summary>Sequence number after the last point's.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Optimizer steps, (points).</summary>
    public IReadOnlyList<double> Steps => steps;

    /// <summary>Values of a metric, (points): NaN where a point lacks it, an infinity where it was no finite number.</summary>
    public IReadOnlyList<double> Values(string name) => columns[name];

    /// <summary>Reads a run's metrics; empty where it has none yet.</summary>
    /// <param name="runFolder">The run's folder; another process may be writing to it.</param>
    public static RunColumns Read(string runFolder)
    {
        var read = new RunColumns();
        var path = Path.Combine(runFolder, "metrics.jsonl");
        if (!File.Exists(path))
        {
            return read;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            var kept = 0;
            while (file.Read(buffer, kept, buffer.Length - kept) is > 0 and var got)
            {
                kept = read.Take(buffer.AsSpan(0, kept + got));
                if (kept == buffer.Length)
                {
                    break; // a line of a megabyte is no point, and what follows cannot be told apart
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return read;
    }

    /// <summary>Writes the columns as the page's script reads them: see <c>RunSeries.load</c> in series.ts.</summary>
    public void Write(Stream output)
    {
        var header = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { next = Next, count = Count, names = columns.Keys }));
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)header.Length);
        output.Write(length);
        output.Write(header);
        output.Write(new byte[(8 - (header.Length % 8)) % 8]);
        foreach (var column in (IEnumerable<List<double>>)[steps, epochs, times, .. columns.Values])
        {
            output.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(column))); // little-endian, as every machine that .NET runs on
        }
    }

    /// <summary>Takes the whole lines; moves the rest to the front and says how long it is.</summary>
    private int Take(Span<byte> bytes)
    {
        var start = 0;
        while (bytes[start..].IndexOf((byte)'\n') is >= 0 and var end)
        {
            try
            {
                Add(bytes.Slice(start, end));
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
            {
                // half a line of a killed process, completed by another's
            }

            start += end + 1;
        }

        bytes[start..].CopyTo(bytes);
        return bytes.Length - start;
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        var (seq, step, epoch, time) = (0L, double.NaN, double.NaN, double.NaN);
        var values = new List<(List<double> Column, double Value)>(16);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (json.ValueTextEquals("seq"u8)) { json.Read(); seq = json.GetInt64(); }
            else if (json.ValueTextEquals("step"u8)) { json.Read(); step = json.GetDouble(); }
            else if (json.ValueTextEquals("epoch"u8)) { json.Read(); epoch = Number(ref json); }
            else if (json.ValueTextEquals("time"u8)) { json.Read(); time = Number(ref json); }
            else if (Column(json.GetString()!) is { } column)
            {
                json.Read();
                var value = Number(ref json);
                values.Add((column, double.IsFinite(value) ? value : double.PositiveInfinity));
            }
        }

        if (seq <= 0 || double.IsNaN(step))
        {
            return;
        }

        Next = Math.Max(Next, seq + 1);
        steps.Add(step);
        epochs.Add(epoch);
        times.Add(time);
        foreach (var (column, value) in values)
        {
            column.Add(value);
        }

        foreach (var column in columns.Values)
        {
            if (column.Count < steps.Count)
            {
                column.Add(double.NaN);
            }
        }
    }

    private List<double>? Column(string name)
    {
        if (!columns.TryGetValue(name, out var column) && columns.Count < MostNames)
        {
            column = [.. Enumerable.Repeat(double.NaN, steps.Count)];
            columns.Add(name, column);
        }

        return column;
    }

    private static double Number(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.String
        ? double.Parse(json.GetString()!, CultureInfo.InvariantCulture)
        : json.GetDouble();
}
