using Workbench.Learning.Training;
using Workbench.Learning.Training.MetricFiles;
using Workbench.Web.Services;
using Workbench.Web.Services.Watching;

namespace Workbench.Web.Api;

/// <summary>A run's metrics for other tools, and its report.</summary>
internal static class RunExports
{
    public static void MapRunExports(this RouteGroupBuilder runs) => runs.MapGet("/{id}/export/{format}", ExportAsync)
        .Produces<byte[]>(contentType: "application/octet-stream").WithDescription("A file: csv, jsonl (the form of W&B's history and trackio), tensorboard (an event file) or html (a report in one file).");

    private static async Task<IResult> ExportAsync(string id, string format, RunService service, AlertService alerts, CancellationToken cancel)
    {
        var run = await service.GetAsync(id, cancel);
        var name = string.Concat(run.Name.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_'));
        if (format == "html")
        {
            var report = RunReport.Write(run, RunColumns.Read(run.Folder), await alerts.OfAsync(id, cancel), await service.LogAsync(id, cancellationToken: cancel));
            return TypedResults.File(System.Text.Encoding.UTF8.GetBytes(report), "text/html; charset=utf-8", name + ".html");
        }

        var points = Points(run.Folder);
        using var output = new MemoryStream();
        switch (format)
        {
            case "csv":
                WriteText(output, writer => CsvFile.Write(points, writer));
                return TypedResults.File(output.ToArray(), "text/csv; charset=utf-8", name + ".csv");
            case "jsonl":
                WriteText(output, writer => HistoryFile.Write(points, writer));
                return TypedResults.File(output.ToArray(), "application/jsonl; charset=utf-8", name + ".jsonl");
            case "tensorboard":
                TensorBoardFile.Write(points, output);
                return TypedResults.File(output.ToArray(), "application/octet-stream", TensorBoardFile.Name(points));
            default:
                throw new UserInputException($"There is no export format \"{format}\".", "Choose csv, jsonl, tensorboard or html.", "format");
        }
    }

    private static List<MetricPoint> Points(string folder)
    {
        var path = Path.Combine(folder, "metrics.jsonl");
        return File.Exists(path)
            ? [.. File.ReadLines(path).Select(MetricPoint.TryParse).OfType<MetricPoint>()]
            : throw new UserInputException("The run has no metrics yet.", "Wait for its first step.");
    }

    private static void WriteText(Stream output, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(output, leaveOpen: true);
        write(writer);
    }
}
