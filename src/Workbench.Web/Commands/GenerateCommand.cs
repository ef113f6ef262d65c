using System.CommandLine;
using Workbench.Learning.Generation;
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
        var command = new Command(
            "generate",
            "Prompts to answers. In: {\"messages\"}, {\"prompt\"} or {\"prompt_ids\"} with temperature (0, the default, is greedy), top_p, top_k, "
            + "min_p, repetition_penalty, max_tokens (default 256), seed, stop; "
            + "out: {\"text\",\"ids\",\"finish_reason\",\"prompt_tokens\",\"completion_tokens\",\"tokens_per_s\"}.")
        {
            model, adapter, device,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var generator = Generator.Load(
                arguments.GetRequiredValue(model), arguments.GetValue(adapter), arguments.GetRequiredValue(device));
            var generation = new Generation(generator, TimeProvider.System);
            using var lines = new LineLoop(io);
            return await lines.RunAsync(
                (input, json) =>
                {
                    generation.Write(input, json, cancellationToken);
                    return true;
                },
                cancellationToken);
        });
        return command;
    }
}
