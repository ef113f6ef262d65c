using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Starter;
using Workbench.Web.Starter.Guide;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>Asks for model, dataset and hyper-parameters, and queues a run.</summary>
public sealed partial class NewRunPage(
    ModelService modelService, DatasetService datasetService, TemplateService templates, RunService runs, GuidedPath guide, NavigationManager navigation) : WorkbenchPage
{
    private static readonly string[] Schedules = ["linear", "cosine", "constant", "constant_with_warmup", "warmup_stable_decay"];
    private static readonly string[] Optimizers = ["adamw_torch", "adamw_8bit", "adafactor"];

    private readonly RunForm form = new();
    private IReadOnlyList<ModelEntry>? models;
    private IReadOnlyList<DatasetEntry>? datasets;
    private bool starting;

    [SupplyParameterFromQuery(Name = "model")]
    private string? ModelId { get; set; }

    [SupplyParameterFromQuery(Name = "dataset")]
    private string? DatasetId { get; set; }

    /// <summary>A training of the guided path: sft or dpo.</summary>
    [SupplyParameterFromQuery(Name = "starter")]
    private string? Starter { get; set; }

    private ModelEntry? Chosen => models?.FirstOrDefault(model => model.Id == form.Model);

    protected override Task OnInitializedAsync() => TryAsync(async () =>
    {
        datasets = await datasetService.ListAsync(Left);
        models = await modelService.ListAsync(Left);
        form.Dataset = (datasets.FirstOrDefault(dataset => dataset.Id == DatasetId) ?? (datasets.Count > 0 ? datasets[0] : null))?.Id ?? "";
        // Without a word from the user, a model that came from outside: training goes on from a base more often than from a result.
        var model = models.FirstOrDefault(entry => entry.Id == ModelId)
            ?? models.FirstOrDefault(entry => entry is { ParentRunId: null, BasePath: null })
            ?? (models.Count > 0 ? models[0] : null);
        ChooseModel(model?.Id ?? "");
        if (Starter is not null && await guide.PartsAsync(Left) is { } parts)
        {
            Prefill(parts);
        }
    });

    /// <summary>The guided path's runs, as <c>workbench starter walk</c> makes them.</summary>
    private void Prefill(PathParts parts)
    {
        var (model, rows) = Starter == "dpo" ? (parts.Tuned, parts.DpoData) : (parts.Base, parts.SftData);
        if (model is null || rows is null)
        {
            Problem = new Problem("This step of the guided path needs the one before.", "Go on from Home.");
            return;
        }

        var config = Starter == "dpo" ? StarterRuns.Dpo(model.Id, rows.Id, "") : StarterRuns.Sft(model.Id, rows.Id, "");
        form.Load(JsonNode.Parse((config with { ChatTemplate = null }).ToJson())!.AsObject());
        form.Template = TemplateChoice.Preset("plain");
        form.Name = Starter == "dpo" ? "starter, preferences" : "starter, answers";
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
        starting = true;
        RunEntry? run = null;
        await TryAsync(async () =>
        {
            var config = form.ToConfig(await templates.ResolveAsync(form.Template, Left));
            run = await runs.CreateAsync(config, form.Name, Left);
        });
        starting = false;
        if (run is not null)
        {
            navigation.NavigateTo($"/runs/{run.Id}");
        }
    }
}
