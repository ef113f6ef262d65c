using System.CommandLine;
using System.Text.Json.Nodes;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Exports;
using Workbench.Data.Sampling;
using Workbench.Data.Statistics;
using Workbench.Web.Services;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data export</c>: a file that other tools read, with its dataset card.</summary>
internal static class ExportOperation
{
    public static Command Create(VerbIo io)
    {
        var options = new DataOptions();
        var to = ConvertOperation.Target();
        to.Required = false;
        to.DefaultValueFactory = _ => "trl";
        var card = new Option<string?>("--card") { Description = "Write a dataset card (Markdown with the Hub's YAML) to F; needs --output.", HelpName = "F" };
        var name = new Option<string?>("--name") { Description = "Name on the card.", HelpName = "NAME" };
        var licence = new Option<string?>("--license") { Description = "Licence on the card, as the Hub writes it: apache-2.0, cc-by-4.0 …", HelpName = "ID" };
        var recipe = new Option<string?>("--recipe") { Description = "The recipe that made the rows, for the card.", HelpName = "F" };
        return options.Command(
            "export",
            "Write rows in the form that other tools read: TRL, ShareGPT or Alpaca, as JSON lines, gz of these, or Parquet.",
            (arguments, cancellationToken) =>
            {
                var run = new DataRun(io, options, arguments, cancellationToken);
                var shape = ExportShapes.Find(arguments.GetValue(to)!)!;
                if (arguments.GetValue(card) is not { } cardFile)
                {
                    return run.Finish(run.Changed(run.Rows(), shape.Convert));
                }

                var output = run.Output ?? throw new UserInputException("A card describes a file.", "Give --output too.", "--card");
                // The card describes what is in the file, so the rows are seen twice: once for their figures, once to be written.
                using var rows = new RowSpool();
                foreach (var (row, number) in run.Changed(run.Rows(), row => shape.Convert(row).Count > 0 ? [row] : []).Select((row, i) => (row, i + 1)))
                {
                    rows.Add(new RowItem(number, row));
                }

                var statistics = StatisticsBuilder.Of(rows.Read().Select(item => item.Row), new StatisticsOptions(), cancellationToken: cancellationToken);
                var made = arguments.GetValue(recipe) is { } file ? Recipe.Parse(Files.Text(file, "recipe")) : null;
                return run.Finish(rows.Read().SelectMany(item => shape.Convert(item.Row)), written => new JsonObject
                {
                    ["card"] = Write(
                        new DatasetCard
                        {
                            Name = arguments.GetValue(name) ?? Path.GetFileNameWithoutExtension(output),
                            Licence = arguments.GetValue(licence),
                            DataFile = Path.GetFileName(output),
                            ContentHash = written!.ContentHash,
                            Statistics = statistics,
                            Recipe = made,
                        },
                        cardFile),
                });
            },
            to, card, name, licence, recipe);
    }

    private static string Write(DatasetCard card, string file) => Files.Writing(file, () =>
    {
        File.WriteAllText(file, card.ToMarkdown());
        return file;
    });
}
