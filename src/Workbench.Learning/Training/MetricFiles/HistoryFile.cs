using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Workbench.Learning.Training.MetricFiles;

/// <summary>
/// Writes metrics as JSON lines in the form of W&amp;B's history and trackio's logs: <c>_step</c>, <c>_runtime</c> (seconds since the first
/// point), <c>_timestamp</c>, and training's metrics below <c>train/</c>, those of evaluations below <c>eval/</c>, as transformers logs them.
/// </summary>
public static class HistoryFile
{
    /// <summary>A line for each point. JSON has no NaN: what is no finite number is the text "NaN" or "Infinity", as W&amp;B's history has it.</summary>
    /// <param name="points">In the order in which they are written.</param>
    /// <param name="output">Receives the text; stays open.</param>
    public static void Write(IReadOnlyList<MetricPoint> points, TextWriter output)
    {
        var begun = points.Count > 0 ? points[0].Time : 0;
        foreach (var point in points)
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteNumber("_step", point.Step);
                json.WriteNumber("_runtime", point.Time - begun);
                json.WriteNumber("_timestamp", point.Time);
                json.WriteNumber("train/epoch", point.Epoch);
                json.WriteNumber("train/global_step", point.Step);
                foreach (var (name, value) in point.Values)
                {
                    var shown = name.StartsWith("eval_", StringComparison.Ordinal) ? "eval/" + name["eval_".Length..] : "train/" + name;
                    if (double.IsFinite(value))
                    {
                        json.WriteNumber(shown, value);
                    }
                    else
                    {
                        json.WriteString(shown, value.ToString(CultureInfo.InvariantCulture));
                    }
                }

                json.WriteEndObject();
            }

            output.Write(Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
        }
    }
}
