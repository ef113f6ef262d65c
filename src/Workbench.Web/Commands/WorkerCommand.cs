using System.CommandLine;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Learning.Training;
using Workbench.Web.Jobs;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench worker</c>: trains one run folder; the application starts it and reads the folder.</summary>
internal static class WorkerCommand
{
    public static Command Create(VerbIo io)
    {
        var folder = new Argument<string>("RUN_FOLDER") { Description = "A run folder with its config.json." };
        var command = new Command("worker", "Train one run folder (started by the application).") { folder };
        command.SetAction(arguments => Run(arguments.GetRequiredValue(folder), io));
        return command;
    }

    private static int Run(string path, VerbIo io)
    {
        if (!File.Exists(Path.Combine(path, "config.json")))
        {
            throw new UserInputException($"{path} holds no config.json.", "Give a run folder.", path);
        }

        using var sole = WorkerFiles.TryLock(path);
        if (sole is null)
        {
            io.Error.WriteLine($"workbench: another worker holds {path}");
            return WorkerFiles.AlreadyWorking;
        }

        var folder = RunFolder.Open(path);
        using var stop = new StopRequest(path);
        try
        {
            Trainer.Run(folder.ReadConfig(), folder, _ => { }, stop.Token);
            return ExitCodes.Done;
        }
#pragma warning disable CA1031 // whatever ends a training, its folder must say so
        catch (Exception exception)
#pragma warning restore CA1031
        {
            io.Error.WriteLine(exception);
            var (step, total) = folder.ReadStatus() is { } status ? (status.Step, status.TotalSteps) : (0, 0);
            folder.WriteStatus(new RunStatus(RunStates.Failed, step, total, exception.Message));
            return ExitCodes.Failed;
        }
    }
}
