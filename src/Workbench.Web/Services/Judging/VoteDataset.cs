using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Workbench.Data.Formats;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Judging;

/// <summary>
/// The votes as a dataset to train on: a version holds every vote so far as a preference row (TRL's columns) with the two models, the
/// sampling and the time; a tie prefers nothing and is kept aside with that reason.
/// </summary>
public sealed class VoteDataset(IDbContextFactory<WorkbenchDbContext> database, VoteStore votes, DatasetService datasets, DatasetStore store, DataFolder folder, TimeProvider clock) : IDisposable
{
    public const string Name = "Judged by hand";

    private readonly SemaphoreSlim one = new(1, 1);

    private string IdFile => Path.Combine(folder.Judging, "dataset.txt");

    public void Dispose() => one.Dispose();

    /// <summary>The dataset; null before the first vote that prefers one of the answers was written to it.</summary>
    public async Task<DatasetEntry?> FindAsync(CancellationToken cancellationToken = default)
    {
        if (!File.Exists(IdFile))
        {
            return null;
        }

        var id = (await File.ReadAllTextAsync(IdFile, cancellationToken)).Trim();
        return (await datasets.ListAsync(cancellationToken)).FirstOrDefault(dataset => dataset.Id == id); // deleted by hand: it is made anew
    }

    /// <summary>How many votes the dataset does not hold yet.</summary>
    public async Task<int> PendingAsync(CancellationToken cancellationToken = default)
    {
        var latest = (await FindAsync(cancellationToken))?.Latest;
        return Math.Max(0, votes.All().Count - ((latest?.Rows + latest?.BadRows) ?? 0));
    }

    /// <summary>Writes a version with all votes, if there are new ones and any of them prefers an answer.</summary>
    /// <returns>The dataset; null where there is nothing to write yet.</returns>
    /// <exception cref="UserInputException">The disk is full.</exception>
    public async Task<DatasetEntry?> WriteAsync()
    {
        await one.WaitAsync();
        var working = folder.NewTemporaryFolder();
        try
        {
            var dataset = await FindAsync();
            var all = votes.All();
            if (all.All(vote => vote.ShareOfA == 0.5) || await PendingAsync() == 0)
            {
                return dataset;
            }

            var first = dataset is null;
            dataset ??= new DatasetEntry { Id = ShortId.New(), Name = Name, CreatedAt = clock.GetUtcNow() };
            var version = Write(dataset, all, working);
            dataset.Versions.Add(version);
            if (first)
            {
                store.Publish(dataset, working);
            }
            else
            {
                store.Append(dataset, working);
            }

            await using var context = await database.CreateDbContextAsync();
            context.Add(first ? dataset : version);
            await context.SaveChangesAsync();
            await File.WriteAllTextAsync(IdFile, dataset.Id);
            return dataset;
        }
        catch (IOException exception)
        {
            throw new UserInputException($"The votes could not be written: {exception.Message}", "Check the free space of the data folder; the votes themselves are kept.", folder.Root, exception);
        }
        finally
        {
            if (Directory.Exists(working))
            {
                Directory.Delete(working, recursive: true);
            }

            one.Release();
        }
    }

    private DatasetVersion Write(DatasetEntry dataset, IReadOnlyList<Vote> all, string working)
    {
        using var writer = new RowFileWriter(working);
        for (var i = 0; i < all.Count; i++)
        {
            var row = Row(all[i]);
            if (all[i].ShareOfA == 0.5)
            {
                writer.AddBad(new BadRow(i + 1, all[i].Verdict == Verdict.Tie ? "a tie prefers neither answer" : "both answers are bad", row.GetRawText()));
            }
            else
            {
                writer.Add(row);
            }
        }

        var hash = writer.Complete();
        var parent = dataset.Versions.MaxBy(version => version.Number)?.Number;
        return new DatasetVersion
        {
            DatasetId = dataset.Id,
            Number = (parent ?? 0) + 1,
            ContentHash = hash,
            Shape = RowShape.Preference,
            Rows = writer.Rows,
            BadRows = writer.BadRows,
            Bytes = writer.Bytes,
            Source = "votes in Chat",
            Parent = parent,
            CreatedAt = clock.GetUtcNow(),
        };
    }

    private static JsonElement Row(Vote vote)
    {
        var better = vote.Verdict != Verdict.B;
        return JsonSerializer.SerializeToElement(new
        {
            prompt = new[] { new { role = "user", content = vote.Prompt } },
            chosen = new[] { new { role = "assistant", content = better ? vote.AnswerA : vote.AnswerB } },
            rejected = new[] { new { role = "assistant", content = better ? vote.AnswerB : vote.AnswerA } },
            chosen_model = better ? vote.ModelA : vote.ModelB,
            rejected_model = better ? vote.ModelB : vote.ModelA,
            template = vote.Template,
            sampling = JsonSerializer.Deserialize<JsonElement>(vote.Sampling),
            judged_at = vote.Time,
        });
    }
}
