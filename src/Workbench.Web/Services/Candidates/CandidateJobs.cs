using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Candidates;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services.Chat;
using Workbench.Web.Services.Rows;
using Workbench.Web.Services.Teachers;

namespace Workbench.Web.Services.Candidates;

/// <summary>Samples answers to the prompts of datasets and judges them, away from any page: one request for each dataset at a time.</summary>
public sealed class CandidateJobs(DatasetService datasets, DatasetStore rows, CandidateStore store, ChatModels models, GeneratorPool pool, TimeProvider clock) : IDisposable
{
    /// <summary>Column that says which row of the version a prompt came from.</summary>
    public const string RowColumn = "source_row";

    private readonly ConcurrentDictionary<string, CandidateJob> jobs = new(StringComparer.Ordinal);

    /// <summary>Told a dataset whose request has ended.</summary>
    public event Action<string>? Ended;

    /// <summary>The latest of a dataset; null where there was none since the application began.</summary>
    public CandidateJob? Of(string datasetId) => jobs.GetValueOrDefault(datasetId);

    /// <summary>Whether rows of this shape ask something.</summary>
    public static bool CanAsk(RowShape shape) => shape is RowShape.Messages or RowShape.PromptCompletion or RowShape.Prompt;

    /// <summary>Begins. Answers that an earlier request had to the same questions, of the same weights, are not asked for again.</summary>
    /// <param name="datasetId">The dataset.</param>
    /// <param name="request">What to ask.</param>
    /// <param name="apiKey">The endpoint's key; null for none. Not kept.</param>
    /// <param name="cancellationToken">Until it has begun.</param>
    /// <exception cref="UserInputException">A value is wrong, there is no such dataset, version or model, or one is at work on it.</exception>
    public async Task<CandidateJob> StartAsync(string datasetId, CandidateRequest request, string? apiKey = null, CancellationToken cancellationToken = default)
    {
        var rewards = request.Check();
        var dataset = await datasets.GetAsync(datasetId, cancellationToken);
        var version = dataset.Versions.SingleOrDefault(version => version.Number == request.Version)
            ?? throw UserInputException.Missing("version", request.Version.ToString(CultureInfo.InvariantCulture));
        if (!CanAsk(version.Shape))
        {
            throw new UserInputException($"The rows of version {version.Number} are {version.Shape}: they ask nothing.", "Choose a version whose rows have messages or a prompt.", "version");
        }

        var weights = request.ModelId is { } id ? await models.ResolveAsync(id, null, null, cancellationToken) : null;
        var judges = await models.FindAllAsync(rewards.Judges, cancellationToken);
        var job = new CandidateJob(datasetId, request, Math.Min(version.Rows, request.Prompts ?? version.Rows), clock.GetUtcNow());
        if (jobs.AddOrUpdate(datasetId, job, (_, before) => before.Ended ? job : before) != job)
        {
            throw new UserInputException("Answers to this dataset are being asked for.", "Wait for their end, or cancel them.", "candidates");
        }

        _ = Task.Run(() => RunAsync(job, version, weights, apiKey, rewards, judges), CancellationToken.None);
        return job;
    }

    /// <summary>Ends it; answers so far are kept.</summary>
    public void Cancel(string datasetId) => Of(datasetId)?.Stop.Cancel();

    public void Dispose()
    {
        foreach (var job in jobs.Values)
        {
            job.Stop.Cancel();
        }
    }

    private async Task RunAsync(CandidateJob job, DatasetVersion version, ChatWeights? weights, string? apiKey, RewardSet rewards, IReadOnlyDictionary<string, ChatWeights> judges)
    {
        try
        {
            using var lease = weights is null ? null : pool.Rent(weights.Path, weights.BasePath);
            using var endpoint = weights is null ? new EndpointTeacher(Endpoint(job.Request, apiKey), clock) : null;
            ITeacher teacher = lease is null ? endpoint!
                : new LocalTeacher(lease.Generator, LocalWeights.IdentityOf(weights!.Path, weights.BasePath), job.Request.Sampling, clock);
            using var ledger = AnswerLedger.Open(store.LedgerOf(job.DatasetId));
            using var asked = new RewardModels(name => judges[name], ledger, clock, job.Stop.Token);
            var judge = rewards.Prepare(asked);
            using var scored = store.Begin(job.DatasetId, job.Request);
            var run = new AnswerRun(teacher, ledger, job.Request.Plan);
            await foreach (var answered in run.AnswerAsync(CanonicalRows.Read(rows.Open(version).RowsPath, job.Stop.Token).Take(job.Total), job.Stop.Token))
            {
                Judge(job, answered, judge, rewards.AsksModel, scored);
            }

            job.BudgetSpent = run.BudgetSpent;
        }
        catch (Exception exception)
        {
            job.Failure = exception; // the page that shows the job says it
        }

        job.Ended = true;
        Ended?.Invoke(job.DatasetId);
    }

    private static void Judge(CandidateJob job, AnsweredRow answered, Func<RewardInput, CombinedScore> judge, bool together, ScoredWriter scored)
    {
        try
        {
            if (answered.Problem is { } problem)
            {
                job.Refuse(answered.Number, problem);
            }
            else
            {
                var row = JsonObject.Create(answered.Question!.WithCandidates(answered.Answers).Json)!;
                row[RowColumn] = answered.Number;
                var set = CandidateSet.Of(answered.Number, new Row(RowShape.Prompt, JsonSerializer.SerializeToElement(row)));
                scored.Add(CandidateScoring.Score(set, judge, together));
            }
        }
        catch (Exception exception) when (exception is RewardException or RowFormatException)
        {
            job.Refuse(answered.Number, exception.Message);
        }

        job.Count();
    }

    private static EndpointOptions Endpoint(CandidateRequest request, string? apiKey) => new()
    {
        Url = request.Endpoint ?? throw new UserInputException("Nothing is named that answers.", "Choose a model, or give an endpoint.", "model"),
        Model = request.Model,
        ApiKey = string.IsNullOrWhiteSpace(apiKey) ? null : apiKey,
        Temperature = request.Temperature,
        TopP = request.TopP,
        MaxTokens = request.MaxTokens,
    };
}
