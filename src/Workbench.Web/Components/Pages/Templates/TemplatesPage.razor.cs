using Microsoft.AspNetCore.Components;
using Radzen;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>A template, a conversation and a tokenizer on one side, what they make on the other, as one types.</summary>
public sealed partial class TemplatesPage(
    TemplateService templates, ModelService modelService, TokenizerCache tokenizers, PreviewService previews, DialogService dialogs) : WorkbenchPage
{
    private const string ModelPrefix = "of:";
    private const string TemplateSource = "template";
    private const string MessagesSource = "messages";
    private const string Example =
        """
        [
          {"role": "user", "content": "Tell me a story about a brave mouse."},
          {"role": "assistant", "content": "Once upon a time, there was a brave mouse."}
        ]
        """;

    private IReadOnlyList<ModelEntry> models = [];
    private IReadOnlyList<TemplateEntry> saved = [];
    private string loaded = TemplateChoice.Preset("chatml");
    private string template = "";
    private string messages = Example;
    private string modelId = "";
    private string name = "";
    private bool addGenerationPrompt;
    private Preview? preview;
    private CancellationTokenSource? running;

    [SupplyParameterFromQuery(Name = "model")]
    private string? ModelId { get; set; }

    protected override Task OnInitializedAsync() => TryAsync(async () =>
    {
        models = await modelService.ListAsync(Left);
        saved = await templates.ListAsync(Left);
        var model = models.FirstOrDefault(entry => entry.Id == ModelId) ?? (models.Count > 0 ? models[0] : null);
        modelId = model?.Id ?? "";
        // A model without a template and, most often, without ChatML's special tokens is shown with the format that needs none.
        await LoadAsync(model is null ? loaded : model.HasChatTemplate ? ModelPrefix + model.Id : TemplateChoice.Default);
    });

    private Task<bool> LoadAsync(string choice) => TryAsync(async () =>
    {
        template = choice.StartsWith(ModelPrefix, StringComparison.Ordinal)
            ? tokenizers.Get((await modelService.GetAsync(choice[ModelPrefix.Length..], Left)).Path).ChatTemplate ?? ""
            : await templates.ResolveAsync(choice, Left) ?? "";
        loaded = choice;
        name = saved.FirstOrDefault(entry => entry.Id == TemplateChoice.SavedId(choice))?.Name ?? "";
        await RenderAsync();
    });

    private Task EditTemplateAsync(string text)
    {
        template = text;
        loaded = TemplateChoice.SavedId(loaded) is null ? "" : loaded;
        return RenderAsync();
    }

    private Task EditMessagesAsync(string text)
    {
        messages = text;
        return RenderAsync();
    }

    private Task ChooseModelAsync(string id)
    {
        modelId = id;
        return RenderAsync();
    }

    private Task PromptAsync(bool add)
    {
        addGenerationPrompt = add;
        return RenderAsync();
    }

    /// <summary>A newer change cancels the rendering that is under way.</summary>
    private async Task RenderAsync()
    {
        if (running is not null)
        {
            await running.CancelAsync();
        }

        using var mine = CancellationTokenSource.CreateLinkedTokenSource(Left);
        running = mine;
        try
        {
            var request = new PreviewRequest(template, messages, modelId.Length > 0 ? modelId : null, AddGenerationPrompt: addGenerationPrompt);
            var result = await Task.Run(() => previews.PreviewAsync(request, mine.Token), mine.Token);
            if (running == mine)
            {
                preview = result;
            }
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // superseded, or the page was left
        }
        finally
        {
            if (running == mine)
            {
                running = null;
            }
        }
    }

    private Task<bool> SaveAsync() => TryAsync(async () =>
    {
        var entry = await templates.SaveAsync(name, template, Left);
        saved = await templates.ListAsync(Left);
        (loaded, name) = (TemplateChoice.Saved(entry.Id), entry.Name);
    });

    private async Task DeleteAsync()
    {
        if (TemplateChoice.SavedId(loaded) is { } id && await dialogs.AskAsync($"“{name}” will be deleted. Runs keep the text they were started with.", "Delete template?", "Delete"))
        {
            await TryAsync(async () =>
            {
                await templates.DeleteAsync(id, Left);
                saved = await templates.ListAsync(Left);
                (loaded, name) = ("", "");
            });
        }
    }

    private IReadOnlyList<EditorFault> FaultsOf(string source) => preview?.Problem is { } problem && problem.Source == source
        ? [new EditorFault(problem.Line, problem.Column, problem.Message)]
        : [];
}
