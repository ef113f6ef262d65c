using System.Collections.Concurrent;
using Workbench.Data.Filters;

namespace Workbench.Web.Services;

/// <summary>A recipe at work on a whole version.</summary>
/// <param name="DatasetId">The dataset.</param>
/// <param name="Total">Rows of the version that it starts from.</param>
public sealed record RecipeJob(string DatasetId, int Total)
{
    private int done;

    internal CancellationTokenSource Stop { get; } = new();

    /// <summary>Rows read so far.</summary>
    public int Done => Volatile.Read(ref done);

    /// <summary>What came of it; null while it is at work, or where it failed.</summary>
    public DerivedVersion? Result { get; internal set; }

    /// <summary>Why it failed; null where it did not.</summary>
    public Exception? Failure { get; internal set; }

    /// <summary>Whether it is over.</summary>
    public bool Ended => Result is not null || Failure is not null;

    internal void Count() => Interlocked.Increment(ref done);
}

/// <summary>Recipes that run on whole datasets, away from any page: one for each dataset at a time.</summary>
public sealed class RecipeJobs(DatasetService datasets, DatasetRecipes recipes) : IDisposable
{
    private readonly ConcurrentDictionary<string, RecipeJob> jobs = new(StringComparer.Ordinal);

    /// <summary>Told a dataset whose recipe has ended.</summary>
    public event Action<string>? Ended;

    /// <summary>The latest of a dataset; null where there was none.</summary>
    public RecipeJob? Of(string datasetId) => jobs.GetValueOrDefault(datasetId);

    /// <summary>Begins.</summary>
    /// <param name="datasetId">The dataset.</param>
    /// <param name="recipe">Operators in their order.</param>
    /// <param name="parent">The version to start from; null for the newest.</param>
    /// <param name="cancellationToken">Until it has begun.</param>
    /// <exception cref="UserInputException">There is no such dataset or version, or one is at work on it.</exception>
    public async Task<RecipeJob> StartAsync(string datasetId, Recipe recipe, int? parent = null, CancellationToken cancellationToken = default)
    {
        var job = new RecipeJob(datasetId, DatasetRecipes.VersionOf(await datasets.GetAsync(datasetId, cancellationToken), parent).Rows);
        var held = jobs.AddOrUpdate(datasetId, job, (_, before) => before.Ended ? job : before);
        if (held != job)
        {
            throw new UserInputException("A recipe is at work on this dataset.", "Wait for its end, or cancel it.", "recipe");
        }

        _ = Task.Run(() => RunAsync(job, recipe, parent), CancellationToken.None);
        return job;
    }

    /// <summary>Ends it; nothing of it is left.</summary>
    public void Cancel(string datasetId) => Of(datasetId)?.Stop.Cancel();

    public void Dispose()
    {
        foreach (var job in jobs.Values)
        {
            job.Stop.Cancel();
        }
    }

    private async Task RunAsync(RecipeJob job, Recipe recipe, int? parent)
    {
        try
        {
            job.Result = await recipes.ApplyAsync(job.DatasetId, recipe, parent, onRow: job.Count, cancellationToken: job.Stop.Token);
        }
        catch (Exception exception)
        {
            job.Failure = exception; // the page that shows the job says it
        }

        Ended?.Invoke(job.DatasetId);
    }
}
