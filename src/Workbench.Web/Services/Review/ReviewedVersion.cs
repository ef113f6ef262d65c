using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services.Rows;

namespace Workbench.Web.Services.Review;

/// <summary>Makes the next version of a dataset of what a reviewer decided about its rows.</summary>
public sealed class ReviewedVersion(DatasetRecipes versions, DatasetStore store, ReviewLog log, TimeProvider clock)
{
    /// <summary>
    /// Accepted rows stay, as they were edited; a pair whose other answer was preferred is turned round. Rejected rows and ties are kept aside
    /// with the reviewer's name.
    /// </summary>
    /// <param name="datasetId">The dataset; of its newest version.</param>
    /// <param name="reviewer">Whose decisions count.</param>
    /// <param name="keepOpen">Whether rows that were not decided stay.</param>
    /// <param name="cancellationToken">Stops between rows; nothing is left behind.</param>
    /// <exception cref="UserInputException">No row stays, or an edited row is none.</exception>
    public Task<DatasetVersion> MakeAsync(string datasetId, string reviewer, bool keepOpen, CancellationToken cancellationToken = default) =>
        versions.AppendAsync(datasetId, null, (dataset, source, working) =>
        {
            var judged = log.Read(datasetId, source.ContentHash);
            using var writer = new RowFileWriter(working);
            foreach (var item in CanonicalRows.Read(store.Open(source).RowsPath, cancellationToken))
            {
                var judgement = judged.GetValueOrDefault((item.Number, reviewer));
                if (ReasonToGo(judgement, keepOpen) is { } reason)
                {
                    writer.AddBad(new BadRow(item.Number, $"review: {reason} by {reviewer}", item.Row.Json.GetRawText()));
                }
                else
                {
                    writer.Add(Result(item.Row, judgement, item.Number).Json);
                }
            }

            if (writer.Rows == 0)
            {
                throw new UserInputException("No row stays.", "Accept rows, or keep those that are not decided.", "review");
            }

            var hash = writer.Complete();
            return new DatasetVersion
            {
                DatasetId = dataset.Id, Number = dataset.Latest.Number + 1, ContentHash = hash, Shape = source.Shape, Rows = writer.Rows, BadRows = writer.BadRows,
                Bytes = writer.Bytes, Source = $"review by {reviewer}", Parent = source.Number, CreatedAt = clock.GetUtcNow(),
            };
        }, cancellationToken);

    /// <summary>An edited row as the dataset would keep it.</summary>
    /// <exception cref="UserInputException">It is no row.</exception>
    public static Row ParseEdited(string json, int number)
    {
        try
        {
            return RowParser.Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (RowFormatException exception)
        {
            throw new UserInputException(exception.Message, "Correct the row's JSON.", string.Create(CultureInfo.InvariantCulture, $"row {number}"), exception);
        }
    }

    private static string? ReasonToGo(Judgement? judgement, bool keepOpen) => judgement switch
    {
        { Verdict: Verdict.Rejected } => "rejected",
        { Preferred: Preferred.Tie } => "neither answer preferred",
        null or { IsMade: false } when !keepOpen => "not decided",
        _ => null,
    };

    private static Row Result(Row row, Judgement? judgement, int number)
    {
        row = judgement?.Edited is { } edited ? ParseEdited(edited, number) : row;
        if (judgement?.Preferred != Preferred.Rejected)
        {
            return row;
        }

        var json = JsonNode.Parse(row.Json.GetRawText())!.AsObject();
        var (chosen, rejected) = (json["chosen"]!.DeepClone(), json["rejected"]!.DeepClone());
        (json["chosen"], json["rejected"]) = (rejected, chosen);
        return row with { Json = JsonSerializer.SerializeToElement(json) };
    }
}
