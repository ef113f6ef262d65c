using System.CommandLine;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary>
/// <c>workbench export</c>: a model, or an adapter with its base model, to a folder that transformers and vLLM load, or to a GGUF file
/// that llama.cpp, Ollama and LM Studio load.
/// </summary>
internal static class ExportCommand
{
    public static Command Create(VerbIo io)
    {
        var model = ModelOptions.Model();
        var output = new Option<string>("--output")
        {
            Required = true, Description = "Folder for the result, which must not exist or be empty; of GGUF also the file itself, NAME.gguf.", HelpName = "DIR",
        };
        var format = new Option<string>("--format") { Description = "hf (a Hugging Face folder) or gguf.", DefaultValueFactory = _ => "hf", HelpName = "FORMAT" };
        format.AcceptOnlyFromAmong("hf", "gguf");
        var dtype = new Option<string?>("--dtype")
        {
            Description = "float32, bfloat16 or float16; of GGUF also f32, bf16, f16 or q8_0. By default that of the model.", HelpName = "TYPE",
        };
        var shard = ModelOptions.MaxShardSize();
        var command = new Command(
            "export",
            "Write a model as one Hugging Face folder or as one GGUF file with tokenizer and chat template inside, in another number type if asked for; "
            + "an adapter is merged into the base model that it names. Out: {\"model\",\"parameters\",\"dtype\"}.")
        {
            model, output, format, dtype, shard,
        };
        command.SetAction(arguments =>
        {
            var (source, target, type) = (arguments.GetRequiredValue(model), arguments.GetRequiredValue(output), arguments.GetValue(dtype));
            var written = arguments.GetRequiredValue(format) == "gguf"
                ? GgufFile.Write(source, GgufFile.PathFor(source, target, GgufFile.TypeOf(type, source)), GgufFile.TypeOf(type, source), phase: io.Error.WriteLine)
                : ModelWriter.Export(
                    source, ModelOptions.EmptyFolder(target), ModelOptions.TypeOf(type), ModelOptions.BytesOf(arguments.GetRequiredValue(shard)));
            io.WriteLine(ModelWriter.Json(written));
            return ExitCodes.Done;
        });
        return command;
    }
}
