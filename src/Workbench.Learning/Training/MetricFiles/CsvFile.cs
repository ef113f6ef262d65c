using System.Globalization;

namespace Workbench.Learning.Training.MetricFiles;

/// <summary>Writes metrics as a table: a row for each point, a column for each metric that any point has.</summary>
public static class CsvFile
{
    /// <summary>Writes the header and the rows, RFC 4180 with line feeds; a metric that a point lacks is an empty cell.</summary>
    /// <param name="points">In the order in which they are written.</param>
    /// <param name="output">Receives the text; stays open.</param>
    public static void Write(IReadOnlyList<MetricPoint> points, TextWriter output)
    {
        // In the order of their first appearance, so that training's own metrics stand before those of the evaluations.
        string[] names = [.. points.SelectMany(point => point.Values.Keys).Distinct(StringComparer.Ordinal)];
        output.Write("step,epoch,time" + string.Concat(names.Select(name => "," + Quoted(name))) + "\n");
        foreach (var point in points)
        {
            var cells = names.Select(name => point.Values.TryGetValue(name, out var value) ? "," + Number(value) : ",");
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{point.Step},{Number(point.Epoch)},{Number(point.Time)}{string.Concat(cells)}\n"));
        }
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string name) =>
        name.AsSpan().ContainsAny(",\"\n\r") ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
