using System.CommandLine;
using Workbench.Learning.Generation;
using Workbench.Torch.Kernels;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench generate</c>: prompts to answers.</summary>
internal static class GenerateCommand
{
    public static Command Create(VerbIo io)
    {
        var model = ModelOptions.Model();
        var adapter = ModelOptions.Adapter();
        var device = ModelOptions.Device();
        var dtype = new Option<string?>("--dtype")
        {
            Description = "How weights are held: float32, or bfloat16 for half the memory traffic; by default bfloat16 where it loses nothing.", HelpName = "TYPE",
        };
        var batch = new Option<int>("--batch")
        {
            Description = "Lines answered together, 1 to 16: more tokens per second in all, fewer for each.", HelpName = "N", DefaultValueFactory = _ => 1,
        };
        var command = new Command(
            "generate",
            "Prompts to answers. In: {\"messages\"}, {\"prompt\"} or {\"prompt_ids\"} with temperature (0, the default, is greedy), top_p, top_k, "
            + "min_p, repetition_penalty, max_tokens (default 256), seed, stop; "
            + "out: {\"text\",\"ids\",\"finish_reason\",\"prompt_tokens\",\"completion_tokens\",\"tokens_per_s\"}.")
        {
            model, adapter, device, dtype, batch,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var generator = Generator.Load(
                arguments.GetRequiredValue(model), arguments.GetValue(adapter), arguments.GetRequiredValue(device), HeldAs(arguments.GetValue(dtype)));
            var generation = new Generation(generator, TimeProvider.System);
            using var lines = new LineLoop(io);
            return await lines.RunTogetherAsync(
                Lines(arguments.GetRequiredValue(batch)), generation.Read, asked => generator.GenerateAll(asked, cancellationToken), Generation.Write, cancellationToken);
        });
        return command;
    }

    private static int Lines(int batch) => batch is >= 1 and <= Generator.MaxTogether
        ? batch
        : throw new UserInputException($"--batch is {batch}, but from 1 to {Generator.MaxTogether} answers are computed together.", "Leave it out for one at a time.", "--batch");

    private static HeldWeights HeldAs(string? dtype) => dtype switch
    {
        null => HeldWeights.BFloat16WhereExact,
        "float32" => HeldWeights.Float32,
        "bfloat16" => HeldWeights.BFloat16,
        _ => throw new UserInputException($"Weights cannot be held as \"{dtype}\" for generation.", "Choose float32 or bfloat16, or leave it out.", "--dtype"),
    };
}
