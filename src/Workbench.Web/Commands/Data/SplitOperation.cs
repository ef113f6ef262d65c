using System.CommandLine;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Data.Sampling;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data split</c>: train, validation and test that stay what they are while the dataset grows.</summary>
internal static class SplitOperation
{
    public static Command Create(VerbIo io)
    {
        var options = new DataOptions();
        options.Output.Description = "Folder that receives train.jsonl, validation.jsonl and test.jsonl; without it each row gets a column \"split\".";
        options.Output.HelpName = "DIR";
        var defaults = new DatasetSplit();
        var validation = new Option<double>("--validation") { Description = "Share of the rows.", HelpName = "SHARE", DefaultValueFactory = _ => defaults.Validation };
        var test = new Option<double>("--test") { Description = "Share of the rows.", HelpName = "SHARE", DefaultValueFactory = _ => defaults.Test };
        var seed = new Option<long>("--seed") { HelpName = "S", DefaultValueFactory = _ => defaults.Seed };
        var key = new Option<SplitKey>("--key") { Description = "What decides: the prompt keeps rows of one prompt together.", DefaultValueFactory = _ => defaults.Key };
        return options.Command(
            "split",
            "Cut rows into train, validation and test by a hash of their content: a row keeps its part whatever is added later.",
            (arguments, cancellationToken) =>
            {
                var split = new DatasetSplit
                {
                    Validation = arguments.GetValue(validation), Test = arguments.GetValue(test), Seed = arguments.GetValue(seed), Key = arguments.GetValue(key),
                };
                split.Check();
                var run = new DataRun(io, options, arguments, cancellationToken);
                return run.Output is { } folder ? Write(io, run, split, folder, cancellationToken) : run.Finish(run.Rows().Select(item => Marked(item.Row, split.Of(item.Row))));
            },
            validation, test, seed, key);
    }

    private static int Write(VerbIo io, DataRun run, DatasetSplit split, string folder, CancellationToken cancellationToken)
    {
        using var spools = new SplitSpools();
        foreach (var item in run.Rows())
        {
            spools.Add(split.Of(item.Row), item);
        }

        var summary = new JsonObject { ["output"] = folder, ["read"] = run.Read, ["bad"] = run.Bad };
        foreach (var part in Enum.GetValues<SplitPart>())
        {
            var name = part.ToString().ToLowerInvariant();
            var file = Path.Combine(folder, name + ".jsonl");
            var written = Files.Writing(file, () => RowOutput.Write(spools.Read(part).Select(item => item.Row.Json), file, cancellationToken));
            summary[name] = new JsonObject { ["rows"] = written.Rows, ["content_hash"] = written.ContentHash };
        }

        io.WriteLine(summary.ToJsonString(DataRun.Json));
        return run.Bad == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static Row Marked(Row row, SplitPart part)
    {
        var marked = JsonObject.Create(row.Json)!;
        marked["split"] = part.ToString().ToLowerInvariant();
        return row with { Json = System.Text.Json.JsonSerializer.SerializeToElement(marked) };
    }
}
