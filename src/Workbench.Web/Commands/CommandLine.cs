using System.CommandLine;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary>The verbs. A verb builds what it needs and nothing else: one that renders templates must not wait for a web host.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, VerbIo io)
    {
        var root = new RootCommand("Workbench: post-training of language models.")
        {
            RenderCommand.Create(io),
            TokenizeCommand.Create(io),
            MaskCommand.Create(io),
            LintCommand.Create(io),
            TrainCommand.Create(io),
            GenerateCommand.Create(io),
            LogpsCommand.Create(io),
            MergeCommand.Create(io),
            ExportCommand.Create(io),
            InspectCommand.Create(io),
            TrainTokenizerCommand.Create(io),
            ExtendTokenizerCommand.Create(io),
            Data.DataCommand.Create(io),
            ExportMetricsCommand.Create(io),
            StarterCommand.Create(io),
            ServeCommand.Create(io),
            WorkerCommand.Create(io),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await io.Error.WriteLineAsync($"workbench: {error.Message}");
            }

            await io.Error.WriteLineAsync("Try: workbench --help");
            return ExitCodes.Usage;
        }

        try
        {
            // Verbs that have something to save at Ctrl+C listen for it themselves; two seconds would not be enough for them.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            var place = failure.Place is null ? "" : $"{failure.Place}: ";
            await io.Error.WriteLineAsync($"workbench: {place}{failure.Message}{(failure.Remedy is null ? "" : " " + failure.Remedy)}");
            return ExitCodes.Usage;
        }
    }
}
