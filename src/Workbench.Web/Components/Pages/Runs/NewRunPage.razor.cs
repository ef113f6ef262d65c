using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Workbench.Data.Formats;
using Workbench.Web.Components.Pages.Runs.Wizard;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Launch;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>The wizard: model, method, data, template, parameters, review; queues a run, or one for each combination of a sweep.</summary>
public sealed partial class NewRunPage(
    ModelService modelService, DatasetService datasetService, TemplateService templates, RunService runs, RunPrefill prefill, RunPreflight preflight,
    NavigationManager navigation) : WorkbenchPage
{
    private readonly RunForm form = new();
    private readonly HashSet<string> acknowledged = [];
    private IReadOnlyList<ModelEntry>? models;
    private IReadOnlyList<DatasetEntry>? datasets;
    private IReadOnlyList<SweepRun> sweep = [];
    private PreflightReport? report;
    private CancellationTokenSource? look;
    private WizardStep step;
    private bool looking;
    private bool starting;
    private int seed;

    [SupplyParameterFromQuery(Name = "model")]
    private string? ModelId { get; set; }

    [SupplyParameterFromQuery(Name = "dataset")]
    private string? DatasetId { get; set; }

    /// <summary>A training of the guided path: sft or dpo.</summary>
    [SupplyParameterFromQuery(Name = "starter")]
    private string? Starter { get; set; }

    /// <summary>A run whose configuration is taken over.</summary>
    [SupplyParameterFromQuery(Name = "clone")]
    private string? CloneId { get; set; }

    /// <summary>A run whose result is trained further, on other data.</summary>
    [SupplyParameterFromQuery(Name = "continue")]
    private string? ContinueId { get; set; }

    private ModelEntry? Chosen => models?.FirstOrDefault(model => model.Id == form.Model);

    private bool Blocked => report?.Findings.Any(finding => finding.Blocking && !acknowledged.Contains(finding.Rule)) == true;

    private static long FreeMemory => GC.GetGCMemoryInfo() is var memory ? memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes : 0;

    protected override Task OnInitializedAsync() => TryAsync(async () =>
    {
        datasets = await datasetService.ListAsync(Left);
        models = await modelService.ListAsync(Left);
        form.Dataset = DatasetId is not null && DatasetReference.Find(datasets, DatasetId) is not null ? DatasetId : datasets.Count > 0 ? datasets[0].Id : "";
        // Without a word from the user, a model that came from outside: training goes on from a base more often than from a result.
        var model = models.FirstOrDefault(entry => entry.Id == ModelId)
            ?? models.FirstOrDefault(entry => entry is { ParentRunId: null, BasePath: null })
            ?? (models.Count > 0 ? models[0] : null);
        ChooseModel(model?.Id ?? "");
        if (await PrefilledAsync() is { } filled)
        {
            filled.Into(form);
            form.ContinuesAdapter = Chosen?.BasePath is not null;
            await GoAsync(filled.At);
        }
        else if (DatasetReference.Find(datasets, form.Dataset) is { } rows && MethodFor(rows.Shape) is { } method)
        {
            ChooseMethod(method);
        }
    });

    protected override void Dispose(bool disposing)
    {
        look?.Cancel();
        base.Dispose(disposing);
    }

    private Task<Prefill?> PrefilledAsync() =>
        Starter is not null ? prefill.StarterAsync(Starter, Left)
        : CloneId is not null ? prefill.CloneAsync(CloneId, Left)
        : ContinueId is not null ? prefill.ContinueAsync(ContinueId, Left)
        : Task.FromResult<Prefill?>(null);

    /// <summary>What rows of a shape are for; null where that is the default.</summary>
    private static string? MethodFor(RowShape shape) => shape switch { RowShape.Preference => "dpo", RowShape.Prompt => "grpo", _ => null };

    private string ChosenAt(WizardStep at) => at switch
    {
        WizardStep.Model => Chosen?.Name ?? "",
        WizardStep.Method => form.Method.ToUpperInvariant() + (form.UsePeft ? " · LoRA" : ""),
        WizardStep.Data => datasets?.FirstOrDefault(dataset => dataset.Id == DatasetReference.Parse(form.Dataset).Id)?.Name ?? "",
        WizardStep.Template => form.Template,
        WizardStep.Parameters => "lr " + form["learning_rate"],
        _ => "",
    };

    private async Task GoAsync(WizardStep to)
    {
        Problem = null;
        step = to;
        if (to is WizardStep.Template or WizardStep.Review)
        {
            await TryAsync(() =>
            {
                sweep = SweepPlan.Parse(form.Sweep);
                return Task.CompletedTask;
            });
            await LookAsync();
        }
    }

    /// <summary>Looks at the run as it stands; a look that is overtaken by another is given up.</summary>
    private async Task LookAsync()
    {
        look?.Cancel();
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(Left);
        look = mine;
        looking = true;
        StateHasChanged();
        try
        {
            var config = await ConfigAsync();
            var found = await preflight.LookAsync(config, seed, mine.Token);
            if (look == mine)
            {
                report = found;
            }
        }
        catch (UserInputException exception) when (look == mine)
        {
            report = null;
            Problem ??= Problem.From(exception);
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            if (look == mine)
            {
                looking = false;
                look = null;
            }
        }

        StateHasChanged();
    }

    private Task OthersAsync()
    {
        seed++;
        return LookAsync();
    }

    private async Task<string> ConfigAsync() => form.ToConfig(await templates.ResolveAsync(form.Template, Left));

    private async Task UseAsync(JsonObject config)
    {
        if (await TryAsync(async () => (await prefill.KnownAsync(config, Left)).Into(form)))
        {
            acknowledged.Clear();
        }
    }

    private void ChooseModel(string id)
    {
        form.Model = id;
        if (Chosen is { } model)
        {
            form.Template = model.HasChatTemplate ? TemplateChoice.Model : form.Template is TemplateChoice.Model ? TemplateChoice.Default : form.Template;
            form.UsePeft = model.BasePath is not null || (form.UsePeft && !form.ContinuesAdapter);
            form.ContinuesAdapter = model.BasePath is not null;
            Suggest();
        }
    }

    private void ChooseMethod(string name)
    {
        form.ChooseMethod(name);
        Suggest();
    }

    private void Suggest()
    {
        if (Chosen is { } model)
        {
            form.SuggestFor(ParametersOf(model), model.ContextLength);
        }
    }

    /// <summary>Of the whole model: an adapter bears what its base model bears.</summary>
    private long ParametersOf(ModelEntry model) =>
        model.BasePath is { } path ? models!.FirstOrDefault(entry => entry.Path == path)?.Parameters ?? 1_000_000_000 : model.Parameters;

    private async Task StartAsync()
    {
        if (step != WizardStep.Review)
        {
            // Enter in a field of an earlier step
            await GoAsync(step + 1);
            return;
        }

        starting = true;
        RunEntry? run = null;
        await TryAsync(async () =>
        {
            var config = await ConfigAsync();
            sweep = SweepPlan.Parse(form.Sweep);
            run = sweep.Count == 0 ? await runs.CreateAsync(config, form.Name, Left) : await QueueAsync(config);
        });
        starting = false;
        if (run is not null)
        {
            navigation.NavigateTo(sweep.Count > 0 ? "/runs" : $"/runs/{run.Id}");
        }
    }

    /// <summary>Every configuration is checked before the first is queued.</summary>
    private async Task<RunEntry> QueueAsync(string config)
    {
        var configs = sweep.Select(one => (one.Label, Config: With(config, one))).ToList();
        foreach (var (_, changed) in configs)
        {
            RunPlanner.Parse(changed);
        }

        RunEntry? last = null;
        foreach (var (label, changed) in configs)
        {
            last = await runs.CreateAsync(changed, (form.Name.Trim().Length > 0 ? form.Name.Trim() + " · " : "") + label, Left);
        }

        return last!;
    }

    private static string With(string config, SweepRun run)
    {
        var changed = JsonNode.Parse(config)!.AsObject();
        foreach (var (key, value) in run.Changes)
        {
            changed[key] = value.DeepClone();
        }

        return changed.ToJsonString();
    }
}
