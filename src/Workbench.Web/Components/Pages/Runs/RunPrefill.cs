using System.Text.Json.Nodes;
using Workbench.Language.Chat.Presets;
using Workbench.Web.Components.Pages.Runs.Wizard;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Starter;
using Workbench.Web.Starter.Guide;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>What fills the form.</summary>
/// <param name="Config">TRL's names; models and datasets by their ids where they are known.</param>
/// <param name="Template">A <see cref="TemplateChoice"/>; null to leave the form's.</param>
/// <param name="Name">The run's name.</param>
/// <param name="At">The station at which the wizard opens.</param>
public sealed record Prefill(JsonObject Config, string? Template, string Name, WizardStep At)
{
    /// <summary>Fills the form.</summary>
    internal void Into(RunForm form)
    {
        form.Load(Config);
        form.Template = Template ?? form.Template;
        form.Name = Name;
    }
}

/// <summary>Makes what fills the form: of the guided path, of another run, of a pasted configuration.</summary>
public sealed class RunPrefill(ModelService models, DatasetService datasets, RunService runs, DatasetStore store, GuidedPath guide)
{
    /// <summary>The guided path's runs, as <c>workbench starter walk</c> makes them.</summary>
    /// <param name="method">sft or dpo.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UserInputException">What the step needs is not there yet.</exception>
    public async Task<Prefill?> StarterAsync(string method, CancellationToken cancellationToken)
    {
        var parts = await guide.PartsAsync(cancellationToken);
        var (model, rows) = method == "dpo" ? (parts.Tuned, parts.DpoData) : (parts.Base, parts.SftData);
        if (model is null || rows is null)
        {
            throw new UserInputException("This step of the guided path needs the one before.", "Go on from Home.");
        }

        var config = method == "dpo" ? StarterRuns.Dpo(model.Id, rows.Id, "") : StarterRuns.Sft(model.Id, rows.Id, "");
        var written = JsonNode.Parse((config with { ChatTemplate = null }).ToJson())!.AsObject();
        return new Prefill(written, TemplateChoice.Preset("plain"), method == "dpo" ? "starter, preferences" : "starter, answers", WizardStep.Review);
    }

    /// <summary>The same run again.</summary>
    /// <exception cref="UserInputException">There is no such run.</exception>
    public async Task<Prefill?> CloneAsync(string runId, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(runId, cancellationToken);
        return await KnownAsync(JsonNode.Parse(run.Config)!.AsObject(), cancellationToken) with { Name = Again(run.Name), At = WizardStep.Review };
    }

    /// <summary>The same settings over what the run made, for other data.</summary>
    /// <exception cref="UserInputException">There is no such run, or it has made no model yet.</exception>
    public async Task<Prefill?> ContinueAsync(string runId, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(runId, cancellationToken);
        var result = (await models.ListAsync(cancellationToken)).FirstOrDefault(model => model.ParentRunId == runId)
            ?? throw new UserInputException($"The run \"{run.Name}\" has made no model yet.", "Wait for its end, or resume it.", $"run {runId}");
        var config = JsonNode.Parse(run.Config)!.AsObject();
        foreach (var key in (string[])["adapter_name_or_path", "chat_template", "chat_template_path"])
        {
            config[key] = null; // the result brings its own
        }

        config["model_name_or_path"] = result.Path;
        return await KnownAsync(config, cancellationToken) with { Template = TemplateChoice.Model, Name = "", At = WizardStep.Data };
    }

    /// <summary>A configuration whose paths are replaced by ids, and whose template by the choice of the same text, where they are known.</summary>
    public async Task<Prefill> KnownAsync(JsonObject config, CancellationToken cancellationToken)
    {
        var known = await models.ListAsync(cancellationToken);
        var filled = config.DeepClone().AsObject();
        if (Text(filled, "adapter_name_or_path") is { } adapter && known.FirstOrDefault(model => model.Path == adapter) is { } tuned)
        {
            (filled["model_name_or_path"], filled["adapter_name_or_path"]) = (tuned.Id, null);
        }
        else if (Text(filled, "model_name_or_path") is { } path && known.FirstOrDefault(model => model.Path == path || model.Id == path) is { } model)
        {
            filled["model_name_or_path"] = model.Id;
        }

        var rows = await datasets.ListAsync(cancellationToken);
        foreach (var key in (string[])["dataset", "eval_dataset"])
        {
            if (Text(filled, key) is { } file && ReferenceOf(rows, file) is { } reference)
            {
                filled[key] = reference;
            }
        }

        if (Text(filled, "chat_template") is { } template && ChatPresets.All.FirstOrDefault(preset => preset.Template == template) is { } preset)
        {
            filled.Remove("chat_template");
            return new Prefill(filled, TemplateChoice.Preset(preset.Name), Text(filled, "run_name") ?? "", WizardStep.Parameters);
        }

        // A template of its own goes with the further options, which win over the choice.
        return new Prefill(filled, null, Text(filled, "run_name") ?? "", WizardStep.Parameters);
    }

    /// <summary>The version whose rows a file holds; null where it is none of the workbench's.</summary>
    private string? ReferenceOf(IReadOnlyList<DatasetEntry> datasets, string file) =>
        DatasetReference.Find(datasets, file) is not null ? file
        : datasets.SelectMany(dataset => dataset.Versions.Select(version => (dataset, version)))
            .Where(one => file.StartsWith(store.VersionFolder(one.version) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Select(one => DatasetReference.To(one.dataset, one.version)).FirstOrDefault();

    private static string? Text(JsonObject config, string key) => config[key] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static string Again(string name) => name.EndsWith(" (again)", StringComparison.Ordinal) ? name : name + " (again)";
}
