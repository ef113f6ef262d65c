using System.CommandLine;
using System.Text.Json.Nodes;
using Workbench.Learning.Generation;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Web.Starter;

namespace Workbench.Web.Commands;

/// <summary><c>workbench starter</c>: the starter model and its data, made anew from the recipe.</summary>
internal static class StarterCommand
{
    public static Command Create(VerbIo io) => new("starter", "The starter model and the data of its world.") { Build(io), Data(), Measure(io), Walk(io) };

    private static Command Build(VerbIo io)
    {
        var output = Output();
        var steps = new Option<int>("--steps") { Description = "Steps of pretraining.", DefaultValueFactory = _ => 1_800 };
        var command = new Command("build", "Train the starter's base model from random weights. Out: a line of metrics each logging step.") { output, steps };
        command.SetAction(arguments =>
        {
            var work = Directory.CreateTempSubdirectory("workbench-starter-");
            try
            {
                using var stop = new StopRequest(runFolder: null);
                StarterRecipe.Build(
                    Path.GetFullPath(arguments.GetRequiredValue(output)), work.FullName, arguments.GetValue(steps),
                    point => io.WriteLine(point.ToJson()), stop.Token);
                return ExitCodes.Done;
            }
            finally
            {
                work.Delete(recursive: true);
            }
        });
        return command;
    }

    private static Command Data()
    {
        var output = Output();
        var command = new Command("data", "Write the texts that the model is pretrained on, the rows for fine-tuning and the held-out requests.") { output };
        command.SetAction(arguments =>
        {
            var directory = Path.GetFullPath(arguments.GetRequiredValue(output));
            StarterData.Write(directory);
            StarterData.WritePretraining(directory);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Measure(VerbIo io)
    {
        var model = ModelOptions.Model();
        var most = Most();
        var command = new Command("measure", "Ask a model the held-out questions. Out: {\"part\",\"right\",\"asked\",\"accuracy\"} for each part.") { model, most };
        command.SetAction((arguments, cancellationToken) =>
        {
            Report(io, stage: null, arguments.GetRequiredValue(model), arguments.GetValue(most), cancellationToken);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static Command Walk(VerbIo io)
    {
        var model = ModelOptions.Model();
        var output = Output();
        var most = Most();
        var command = new Command("walk", "Base, SFT, DPO: both trainings, and the held-out accuracy of each part before and after each.") { model, output, most };
        command.SetAction((arguments, cancellationToken) =>
        {
            var (start, directory, count) = (Path.GetFullPath(arguments.GetRequiredValue(model)), Path.GetFullPath(arguments.GetRequiredValue(output)), arguments.GetValue(most));
            StarterData.Write(directory);
            Report(io, "base", start, count, cancellationToken);
            var tuned = Train(StarterRuns.Sft(start, Path.Combine(directory, StarterData.SftName + ".jsonl"), Path.Combine(directory, "sft")), cancellationToken);
            Report(io, "sft", tuned, count, cancellationToken);
            var preferred = Train(StarterRuns.Dpo(tuned, Path.Combine(directory, StarterData.DpoName + ".jsonl"), Path.Combine(directory, "dpo")), cancellationToken);
            Report(io, "dpo", preferred, count, cancellationToken);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    /// <summary>The trained model's folder.</summary>
    private static string Train(RunConfig config, CancellationToken cancellationToken)
    {
        var summary = Trainer.Run(config, RunFolder.Open(config.OutputDir), _ => { }, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return summary.OutputPath;
    }

    private static void Report(VerbIo io, string? stage, string model, int most, CancellationToken cancellationToken)
    {
        using var generator = Generator.Load(model);
        foreach (var part in StarterMeasure.Of(generator, most, cancellationToken))
        {
            var shown = new JsonObject { ["part"] = part.Name, ["right"] = part.Right, ["asked"] = part.Asked, ["accuracy"] = Math.Round(part.Share, 4) };
            if (stage is not null)
            {
                shown.Insert(0, "stage", stage);
            }

            io.WriteLine(shown.ToJsonString());
        }
    }

    private static Option<int> Most() => new("--rows") { Description = "Questions of each part at most.", DefaultValueFactory = _ => 1_000 };

    private static Option<string> Output() => new("--output") { Required = true, Description = "Folder to write to.", HelpName = "DIR" };
}
