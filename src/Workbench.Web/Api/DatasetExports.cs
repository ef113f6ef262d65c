using System.Text;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Exports;
using Workbench.Data.Statistics;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Rows;

namespace Workbench.Web.Api;

/// <summary>Versions of datasets as files that other tools read.</summary>
internal static class DatasetExports
{
    public static void MapDatasetExports(this RouteGroupBuilder datasets) => datasets.MapGet("/{id}/versions/{number}/export/{format}", ExportAsync)
        .Produces<byte[]>(contentType: "application/octet-stream")
        .WithDescription($"A file of a version's rows: {string.Join(", ", ExportShapes.All.Select(shape => shape.Name))} as JSON lines, parquet, or card (Markdown; query: licence).");

    private static async Task<IResult> ExportAsync(
        string id, int number, string format, string? licence, DatasetService datasets, DatasetStore store, DataFolder folder, CancellationToken cancel)
    {
        var dataset = await datasets.GetAsync(id, cancel);
        var version = dataset.Versions.FirstOrDefault(one => one.Number == number) ?? throw UserInputException.Missing("version", $"{number}");
        var name = string.Concat(dataset.Name.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_')) + $"-v{number}";
        var rows = CanonicalRows.Read(store.Open(version).RowsPath, cancel).Select(item => item.Row);
        if (format == "card")
        {
            var card = await Task.Run(() => Card(dataset, version, rows, licence, name + ".jsonl", cancel), cancel);
            return TypedResults.File(Encoding.UTF8.GetBytes(card), "text/markdown; charset=utf-8", name + "-README.md");
        }

        var shape = ExportShapes.Find(format == "parquet" ? "trl" : format)
            ?? throw new UserInputException($"There is no export format \"{format}\".", $"Choose {string.Join(", ", ExportShapes.All.Select(one => one.Name))}, parquet or card.", "format");
        var working = folder.NewTemporaryFolder();
        var file = Path.Combine(working, name + (format == "parquet" ? ".parquet" : ".jsonl"));
        try
        {
            await Task.Run(() => RowOutput.Write(rows.SelectMany(shape.Convert).Select(row => row.Json), file, cancel), cancel);
            // The file goes with its last reader, the folder at the next start.
            return TypedResults.File(
                new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous),
                "application/octet-stream", Path.GetFileName(file));
        }
        catch (RowFormatException exception)
        {
            Directory.Delete(working, recursive: true);
            throw new UserInputException(exception.Message, "Choose another format.", "format", exception);
        }
    }

    private static string Card(DatasetEntry dataset, DatasetVersion version, IEnumerable<Row> rows, string? licence, string file, CancellationToken cancel) => new DatasetCard
    {
        Name = dataset.Name,
        Licence = string.IsNullOrWhiteSpace(licence) ? null : licence,
        DataFile = file,
        ContentHash = version.ContentHash,
        Statistics = StatisticsBuilder.Of(rows, new StatisticsOptions(), cancellationToken: cancel),
        Recipe = version.Recipe is { } recipe ? Recipe.Parse(recipe) : null,
    }.ToMarkdown();
}
