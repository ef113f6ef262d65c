using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Statistics;
using Workbench.Language.Tokenizers;
using Workbench.Web.Services;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data stats</c>: what a dataset is made of.</summary>
internal static class StatsOperation
{
    public static Command Create(VerbIo io)
    {
        var options = new DataOptions();
        options.Output.Description = "Write the figures to F rather than to standard output.";
        var tokenizer = new Option<string?>("--tokenizer") { Description = "A model folder or tokenizer.json: lengths in tokens, special tokens in content.", HelpName = "DIR_OR_JSON" };
        var length = new Option<int?>("--max-length") { Description = "Count rows of more tokens than this.", HelpName = "N" };
        return options.Command(
            "stats",
            "Lengths, messages, roles, languages, duplicates, empty answers, special tokens in content: one JSON object.",
            (arguments, cancellationToken) =>
            {
                if (arguments.GetValue(length) is not null && arguments.GetValue(tokenizer) is null)
                {
                    throw new UserInputException("--max-length is in tokens.", "Give --tokenizer too.", "--max-length");
                }

                var run = new DataRun(io, options, arguments, cancellationToken);
                var figures = StatisticsBuilder.Of(
                    run.Rows().Select(item => item.Row),
                    new StatisticsOptions { Tokenizer = arguments.GetValue(tokenizer) is { } path ? Tokenizer.Load(path) : null, MaxLength = arguments.GetValue(length) },
                    cancellationToken: cancellationToken);
                var json = JsonSerializer.SerializeToNode(figures, DataRun.Json)!.AsObject();
                json["bad"] = run.Bad;
                if (run.Output is { } file)
                {
                    Files.Writing(file, () =>
                    {
                        File.WriteAllText(file, json.ToJsonString(DataRun.Json) + "\n");
                        return 0;
                    });
                }
                else
                {
                    io.WriteLine(json.ToJsonString(DataRun.Json));
                }

                return run.Bad == 0 ? ExitCodes.Done : ExitCodes.Failed;
            },
            tokenizer, length);
    }
}
