using System.Globalization;
using Workbench.Data.Formats;
using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Candidates;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Candidates;

/// <summary>Makes versions to train on of candidates: the best answers for SFT, pairs of better and worse ones for DPO.</summary>
public sealed class CandidateVersions(DatasetRecipes versions, CandidateStore store, TimeProvider clock)
{
    /// <summary>Rejection sampling: each prompt with its best answers.</summary>
    /// <exception cref="UserInputException">No answer is good enough.</exception>
    public Task<DatasetVersion> MakeBestAsync(string datasetId, BestOf best, CancellationToken cancellationToken = default) =>
        MakeAsync(datasetId, RowShape.PromptCompletion, "best", set => best.Of(set), "no answer reaches the least score", cancellationToken);

    /// <summary>Preference pairs: better against worse answers to one prompt.</summary>
    /// <exception cref="UserInputException">No answers are far enough apart, or a value is out of range.</exception>
    public Task<DatasetVersion> MakePairsAsync(string datasetId, PreferencePairs pairs, CancellationToken cancellationToken = default)
    {
        try
        {
            pairs.Check();
        }
        catch (RewardException exception)
        {
            throw new UserInputException(exception.Message, "Correct the margin.", "margin", exception);
        }

        return MakeAsync(datasetId, RowShape.Preference, "pairs", set => pairs.Of(set), "no two answers are the margin apart", cancellationToken);
    }

    private Task<DatasetVersion> MakeAsync(
        string datasetId, RowShape shape, string what, Func<CandidateSet, IReadOnlyList<Row>> make, string none, CancellationToken cancellationToken)
    {
        var request = store.Request(datasetId) ?? throw new UserInputException("There are no candidates.", "Sample answers first.", "candidates");
        return versions.AppendAsync(datasetId, request.Version, (dataset, source, working) =>
        {
            using var writer = new RowFileWriter(working);
            foreach (var set in store.Read(datasetId, cancellationToken))
            {
                var rows = make(set);
                foreach (var row in rows)
                {
                    writer.Add(row.Json);
                }

                if (rows.Count == 0)
                {
                    writer.AddBad(new BadRow(set.Number, none, set.Row.Json.GetRawText()));
                }
            }

            if (writer.Rows == 0)
            {
                throw new UserInputException($"No row comes of it: {none}.", "Ask for less, or sample more answers.", what);
            }

            var hash = writer.Complete();
            return new DatasetVersion
            {
                DatasetId = dataset.Id, Number = dataset.Latest.Number + 1, ContentHash = hash, Shape = shape, Rows = writer.Rows, BadRows = writer.BadRows,
                Bytes = writer.Bytes, Source = Describe(request, what), Parent = source.Number, CreatedAt = clock.GetUtcNow(),
            };
        }, cancellationToken);
    }

    private static string Describe(CandidateRequest request, string what) => string.Create(
        CultureInfo.InvariantCulture,
        $"{what} of {request.Count} by {request.Model}, temperature {request.Temperature}, seed {request.Seed}, judged by {string.Join(" + ", RewardSet.Parse(request.Rewards).Names)}");
}
