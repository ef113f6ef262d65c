using System.CommandLine;
using Workbench.Web.Starter;

namespace Workbench.Web.Commands;

/// <summary><c>workbench starter</c>: the starter model and its data, made anew from the recipe.</summary>
internal static class StarterCommand
{
    public static Command Create(VerbIo io) => new("starter", "The starter model and the data of its world.") { Build(io), Data() };

    private static Command Build(VerbIo io)
    {
        var output = Output();
        var steps = new Option<int>("--steps") { Description = "Steps of pretraining.", DefaultValueFactory = _ => 3_000 };
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

    private static Option<string> Output() => new("--output") { Required = true, Description = "Folder to write to.", HelpName = "DIR" };
}
