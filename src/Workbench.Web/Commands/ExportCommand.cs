using System.CommandLine;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench export</c>: a model, or an adapter with its base model, to a folder that transformers and vLLM load.</summary>
internal static class ExportCommand
{
    public static Command Create(VerbIo io)
    {
        var model = ModelOptions.Model();
        var output = ModelOptions.Output();
        var dtype = ModelOptions.Dtype();
        var shard = ModelOptions.MaxShardSize();
        var command = new Command(
            "export",
            "Write a model as one Hugging Face folder, in another float type if asked for; an adapter is merged into the base model that it names. "
            + "Out: {\"model\",\"parameters\",\"dtype\"}.")
        {
            model, output, dtype, shard,
        };
        command.SetAction(arguments =>
        {
            var target = ModelOptions.EmptyFolder(arguments.GetRequiredValue(output));
            var (type, largest) = (ModelOptions.TypeOf(arguments.GetValue(dtype)), ModelOptions.BytesOf(arguments.GetRequiredValue(shard)));
            io.WriteLine(ModelWriter.Json(ModelWriter.Export(arguments.GetRequiredValue(model), target, type, largest)));
            return ExitCodes.Done;
        });
        return command;
    }
}
