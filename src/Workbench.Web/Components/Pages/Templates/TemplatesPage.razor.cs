using Microsoft.AspNetCore.Components;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>A template, a conversation and a tokenizer on one side, what they make on the other, as one types.</summary>
public sealed partial class TemplatesPage(
    TemplateService templates, ModelService modelService, TokenizerCache tokenizers, PreviewService previews) : WorkbenchPage
{
    private IReadOnlyList<ModelEntry> models = [];
    private WorkspaceState state = new();
    private Preview? latest;
    private Preview? good;
    private CancellationTokenSource? running;

    [SupplyParameterFromQuery(Name = "model")]
    private string? ModelId { get; set; }

    protected override Task OnInitializedAsync() => TryAsync(async () =>
    {
        models = await modelService.ListAsync(Left);
        var model = models.FirstOrDefault(entry => entry.Id == ModelId) ?? (models.Count > 0 ? models[0] : null);
        // A model without a template and, most often, without ChatML's special tokens is shown with the format that needs none.
        var template = model is { HasChatTemplate: true }
            ? tokenizers.Get(model.Path).ChatTemplate
            : await templates.ResolveAsync(model is null ? TemplateChoice.Preset("chatml") : TemplateChoice.Default, Left);
        await ChangeAsync(state with { ModelId = model?.Id ?? "", Template = template ?? "" });
    });

    private Task ChangeAsync(WorkspaceState changed)
    {
        state = changed;
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
            var request = state.ToRequest();
            var result = await Task.Run(() => previews.PreviewAsync(request, mine.Token), mine.Token);
            if (running == mine)
            {
                latest = result;
                good = result.Text is null ? good : result;
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
}
