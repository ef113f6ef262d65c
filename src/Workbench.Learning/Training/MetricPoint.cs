using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Workbench.Learning.Training;

/// <summary>One line of <c>metrics.jsonl</c>.</summary>
/// <param name="Seq">Number of the point in its run, from 1, without gaps, across resumptions.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Epoch">Passes over the dataset done, with fraction.</param>
/// <param name="Time">Seconds since 1970 (UTC).</param>
/// <param name="Values">Metrics by TRL's names. They may be NaN or infinite: a run that diverges must show it.</param>
public sealed record MetricPoint(long Seq, int Step, double Epoch, double Time, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The point as one line of JSON; NaN and infinities are the texts "NaN", "Infinity" and "-Infinity".</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("seq", Seq);
            json.WriteNumber("step", Step);
            Write(json, "epoch", Epoch);
            Write(json, "time", Time);
            foreach (var (name, value) in Values)
            {
                Write(json, name, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Reads a line that <see cref="ToJson"/> wrote, or null where it is no such line.</summary>
    public static MetricPoint? TryParse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var values = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var pair in root.EnumerateObject().Where(p => p.Name is not ("seq" or "step" or "epoch" or "time")))
            {
                values[pair.Name] = Read(pair.Value);
            }

            return new MetricPoint(
                root.GetProperty("seq").GetInt64(),
                root.GetProperty("step").GetInt32(),
                Read(root.GetProperty("epoch")),
                Read(root.GetProperty("time")),
                values);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static double Read(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.GetDouble();
}
