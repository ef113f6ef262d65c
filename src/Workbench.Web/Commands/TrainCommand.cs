using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Web.Jobs;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench train</c>: the same training as the application's worker, without the application.</summary>
internal static class TrainCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static Command Create(VerbIo io)
    {
        var config = new Argument<string>("CONFIG.json") { Description = "Options under TRL's and transformers' names." };
        var command = new Command("train", "Train as a configuration says. Out: a line of metrics each logging step, then a summary.") { config };
        command.SetAction(arguments => Run(arguments.GetRequiredValue(config), io));
        return command;
    }

    private static int Run(string path, VerbIo io)
    {
        if (!File.Exists(path))
        {
            throw new UserInputException($"There is no configuration \"{path}\".", "Give the path of a JSON file.", path);
        }

        var config = RunPlanner.Parse(File.ReadAllText(path));
        RunPlanner.CheckPaths(config);
        var folder = RunFolder.Open(config.OutputDir);
        using var sole = WorkerFiles.TryLock(folder.Path)
            ?? throw new UserInputException($"Another training writes to {folder.Path}.", "End it, or choose another output_dir.", "output_dir");
        using var stop = new StopRequest(runFolder: null);
        try
        {
            var summary = Trainer.Run(config, folder, point => io.WriteLine(point.ToJson()), stop.Token);
            foreach (var notice in summary.Notices)
            {
                io.Error.WriteLine($"workbench: {notice}");
            }

            io.WriteLine(JsonSerializer.Serialize(summary, Json));
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is not RunConfigException && Failure.Of(exception) is { } failure)
        {
            io.Error.WriteLine($"workbench: {failure.Message}");
            return ExitCodes.Failed;
        }
    }
}
