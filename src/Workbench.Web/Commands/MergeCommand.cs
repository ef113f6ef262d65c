using System.CommandLine;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench merge</c>: a model and an adapter to a model.</summary>
internal static class MergeCommand
{
    public static Command Create(VerbIo io)
    {
        var model = ModelOptions.Model();
        var adapter = new Option<string>("--adapter") { Required = true, Description = "A PEFT adapter folder for the model.", HelpName = "DIR" };
        var output = ModelOptions.Output();
        var dtype = ModelOptions.Dtype();
        var shard = ModelOptions.MaxShardSize();
        var command = new Command(
            "merge", "Add an adapter to the weights of its base model. Out: {\"model\",\"parameters\",\"dtype\"}.")
        {
            model, adapter, output, dtype, shard,
        };
        command.SetAction(arguments =>
        {
            var (source, added) = (arguments.GetRequiredValue(model), arguments.GetRequiredValue(adapter));
            var target = ModelOptions.EmptyFolder(arguments.GetRequiredValue(output));
            var type = ModelOptions.TypeOf(arguments.GetValue(dtype));
            io.Error.WriteLine($"merging {added} into {source}");
            io.WriteLine(ModelWriter.Json(ModelWriter.Merge(source, added, target, type, ModelOptions.BytesOf(arguments.GetRequiredValue(shard)))));
            return ExitCodes.Done;
        });
        return command;
    }
}
