using System.CommandLine;
using Workbench.Learning.Training;
using Workbench.Learning.Training.MetricFiles;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench export-metrics</c>: a run's metrics for other tools.</summary>
internal static class ExportMetricsCommand
{
    public static Command Create(VerbIo io)
    {
        var run = new Argument<string>("RUN") { Description = "The run's folder." };
        var format = new Option<string>("--format") { Description = "csv, jsonl in the form of W&B's history, or tensorboard for an event file.", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "jsonl", "tensorboard");
        var output = new Option<string>("--output") { Required = true, Description = "Folder to write the file to.", HelpName = "DIR" };
        var command = new Command("export-metrics", "Write a run's metrics as a table or for TensorBoard. Out: the file's path.") { run, format, output };
        command.SetAction(arguments =>
        {
            var points = Read(Path.GetFullPath(arguments.GetRequiredValue(run)));
            var directory = Directory.CreateDirectory(arguments.GetRequiredValue(output)).FullName;
            io.WriteLine(arguments.GetRequiredValue(format) switch
            {
                "csv" => WriteText(directory, "metrics.csv", writer => CsvFile.Write(points, writer)),
                "jsonl" => WriteText(directory, "history.jsonl", writer => HistoryFile.Write(points, writer)),
                _ => WriteEvents(points, directory),
            });
            return ExitCodes.Done;
        });
        return command;
    }

    private static List<MetricPoint> Read(string folder)
    {
        var path = Path.Combine(folder, "metrics.jsonl");
        if (!File.Exists(path))
        {
            throw new UserInputException($"There are no metrics in {folder}.", "Give the folder of a run that has begun.", "RUN");
        }

        // A line that is not whole yet belongs to a run that still writes.
        return [.. File.ReadLines(path).Select(MetricPoint.TryParse).OfType<MetricPoint>()];
    }

    private static string WriteText(string directory, string name, Action<TextWriter> write)
    {
        var path = Path.Combine(directory, name);
        using var file = new StreamWriter(path);
        write(file);
        return path;
    }

    private static string WriteEvents(List<MetricPoint> points, string directory)
    {
        var path = Path.Combine(directory, TensorBoardFile.Name(points));
        using var file = File.Create(path);
        TensorBoardFile.Write(points, file);
        return path;
    }
}
