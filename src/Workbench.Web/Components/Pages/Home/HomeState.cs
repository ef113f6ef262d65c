using Microsoft.Extensions.Localization;
using Workbench.Web.Languages;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Home;

/// <summary>A sentence that is said in the language of whoever reads it.</summary>
/// <param name="Sentence">English, with places for <paramref name="Values"/>.</param>
/// <param name="Values">What fills the places.</param>
public sealed record Said(string Sentence, params object[] Values)
{
    /// <summary>The sentence in the page's language.</summary>
    public string In(IStringLocalizer<Words> words) => Values.Length == 0 ? words[Sentence] : words[Sentence, Values];
}

/// <summary>One station on the way to a tuned model.</summary>
public sealed record HomeStep(string Title, Said Text, string Action, string Href, bool Done);

/// <summary>What Home shows.</summary>
public sealed record HomeView(IReadOnlyList<HomeStep> Steps, IReadOnlyList<RunEntry> RecentRuns, string DataRoot)
{
    /// <summary>The first station that is not passed. There always is one: chatting has no end.</summary>
    public HomeStep Next => Steps.First(step => !step.Done);

    /// <summary>The view with a run's new progress; null where more than that changed and the state must be read again.</summary>
    public HomeView? With(RunEntry run) => RecentRuns.Any(known => known.Id == run.Id && known.Status == run.Status)
        ? this with { RecentRuns = [.. RecentRuns.Select(known => known.Id == run.Id ? run : known)] }
        : null;
}

/// <summary>Tells from what exists how far the user is.</summary>
public sealed class HomeState(ModelService models, DatasetService datasets, RunService runs, TemplateService templates, DataFolder folder)
{
    private const int Recent = 5;

    public async Task<HomeView> ReadAsync(CancellationToken cancellationToken = default)
    {
        var knownModels = await models.ListAsync(cancellationToken);
        var knownDatasets = await datasets.ListAsync(cancellationToken);
        var knownRuns = await runs.ListAsync(cancellationToken);
        var savedTemplates = await templates.ListAsync(cancellationToken);
        return Arrange(knownModels, knownDatasets, knownRuns, savedTemplates.Count, folder.Root);
    }

    /// <summary>The view over what exists; lists are newest first.</summary>
    public static HomeView Arrange(
        IReadOnlyList<ModelEntry> models, IReadOnlyList<DatasetEntry> datasets, IReadOnlyList<RunEntry> runs, int savedTemplates, string dataRoot)
    {
        var model = models.FirstOrDefault(entry => entry.ParentRunId is null) ?? (models.Count > 0 ? models[0] : null);
        var tuned = models.FirstOrDefault(entry => entry.ParentRunId is not null);
        var training = runs.FirstOrDefault(run => !run.Status.IsFinal());
        var forModel = model is null ? "" : $"?model={model.Id}";
        return new HomeView(
            [
                new HomeStep(
                    "Add a model",
                    model is null ? new("The folder of a base model in Hugging Face's layout.") : models.Count == 1 ? new("“{0}” is here.", model.Name) : new("{0} models, among them “{1}”.", models.Count, model.Name),
                    model is null ? "Add a model" : "Models", "/models", model is not null),
                // Looking leaves no trace: whoever saved a template or trained has been there.
                new HomeStep(
                    "Look at its template", new("See what the model will read, token by token, and which tokens it learns to write."),
                    "Templates", "/templates" + forModel, savedTemplates > 0 || runs.Count > 0),
                new HomeStep(
                    "Bring data",
                    datasets.Count switch
                    {
                        0 => new("Conversations as JSON lines, one a line."),
                        1 => new("“{0}” is here.", datasets[0].Name),
                        _ => new("{0} datasets, among them “{1}”.", datasets.Count, datasets[0].Name),
                    },
                    datasets.Count == 0 ? "Upload a dataset" : "Datasets", "/datasets", datasets.Count > 0),
                new HomeStep(
                    "Train",
                    training is not null ? new("“{0}” is at work.", training.Name)
                        : tuned is not null ? new("The newest result is “{0}”.", tuned.Name) : new("Fine-tune the model on your rows and watch the loss fall."),
                    training is not null ? "Watch it" : "New run",
                    training is not null ? $"/runs/{training.Id}" : "/runs/new" + forModel,
                    tuned is not null || runs.Any(run => run.Status == RunStatus.Completed)),
                new HomeStep(
                    "Chat", new("Ask base and tuned model the same, with and without the template, side by side."),
                    "Chat", tuned is null ? "/chat" : $"/chat?model={tuned.Id}", Done: false),
            ],
            [.. runs.Take(Recent)],
            dataRoot);
    }
}
