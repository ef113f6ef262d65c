using Microsoft.AspNetCore.Components;
using Radzen;
using Workbench.Language.Chat.Lint;
using Workbench.Language.Chat.Presets;
using Workbench.Web.Components.Shared;
using Workbench.Web.Languages;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>Loads, saves and edits the template of a <see cref="WorkspaceState"/>.</summary>
public sealed partial class TemplateSource(TemplateService templates, TokenizerCache tokenizers, DialogService dialogs)
{
    private const string ModelPrefix = "of:";

    private IReadOnlyList<TemplateEntry> saved = [];
    private IReadOnlyList<TemplateVersion> versions = [];
    private string chosen = "";
    private string chosenText = "";
    private string name = "";
    private Problem? problem;

    [Parameter, EditorRequired]
    public WorkspaceState State { get; set; } = new();

    [Parameter]
    public EventCallback<WorkspaceState> StateChanged { get; set; }

    [Parameter]
    public IReadOnlyList<ModelEntry> Models { get; set; } = [];

    /// <summary>What is wrong with one of the inputs.</summary>
    [Parameter]
    public PreviewProblem? Fault { get; set; }

    /// <summary>What the linter found.</summary>
    [Parameter]
    public IReadOnlyList<LintFinding> Findings { get; set; } = [];

    private string? SavedId => TemplateChoice.SavedId(chosen);

    /// <summary>What was started from. A changed preset is the user's own text; a saved template stays the one that saving writes to.</summary>
    private string Loaded => SavedId is not null || State.Template == chosenText ? chosen : Origin() ?? "";

    /// <summary>A template that does not render has one fault; one that does, what the linter found at a line.</summary>
    private IReadOnlyList<EditorFault> Faults => Fault is { Source: PreviewInputs.Template } fault
        ? [new EditorFault(fault.Line, fault.Column, L.Said(fault.Message))]
        : [.. Findings.Where(finding => finding.Line is not null).Select(finding =>
            new EditorFault(finding.Line, finding.Column, L.Said(finding.Message), finding.Severity == LintSeverity.Info ? "info" : "warning"))];

    protected override async Task OnInitializedAsync() => saved = await templates.ListAsync();

    private string? Origin() => ChatPresets.All.FirstOrDefault(preset => preset.Template == State.Template) is { } preset
        ? TemplateChoice.Preset(preset.Name)
        : Models.FirstOrDefault(model => model.HasChatTemplate && model.Id == State.ModelId && TemplateOf(model) == State.Template) is { } model ? ModelPrefix + model.Id : null;

    private string? TemplateOf(ModelEntry model)
    {
        try
        {
            return tokenizers.Get(model.TokenizerPath).ChatTemplate;
        }
        catch (Exception exception) when (Failure.Of(exception) is not null)
        {
            return null; // the preview says what is wrong with the model
        }
    }

    private Task LoadAsync(string choice) => TryAsync(async () =>
    {
        var text = choice.StartsWith(ModelPrefix, StringComparison.Ordinal)
            ? tokenizers.Get(Models.First(model => model.Id == choice[ModelPrefix.Length..]).TokenizerPath).ChatTemplate ?? ""
            : await templates.ResolveAsync(choice) ?? "";
        (chosen, chosenText) = (choice, text);
        name = saved.FirstOrDefault(entry => entry.Id == SavedId)?.Name ?? "";
        versions = SavedId is { } id ? await templates.VersionsAsync(id) : [];
        await StateChanged.InvokeAsync(State with { Template = text });
    });

    private Task SaveAsync() => TryAsync(async () =>
    {
        var entry = await templates.SaveAsync(name, State.Template);
        saved = await templates.ListAsync();
        versions = await templates.VersionsAsync(entry.Id);
        (chosen, chosenText, name) = (TemplateChoice.Saved(entry.Id), entry.Text, entry.Name);
    });

    private async Task DeleteAsync()
    {
        if (SavedId is { } id && await dialogs.AskAsync(L, L["“{0}” and its {1} will be deleted. Runs keep the text they were started with.", name, L.Of(versions.Count, "version")], L["Delete template?"], L["Delete"]))
        {
            await TryAsync(async () =>
            {
                await templates.DeleteAsync(id);
                saved = await templates.ListAsync();
                (chosen, chosenText, name, versions) = ("", "", "", []);
            });
        }
    }

    private async Task TryAsync(Func<Task> action)
    {
        problem = null;
        try
        {
            await action();
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            problem = new Problem(failure.Message, failure.Remedy, failure.Place);
        }
    }
}
