using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using Workbench.Language.Chat.Lint;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>A template, a conversation and a tokenizer on one side, what they make on the other, as one types.</summary>
public sealed partial class TemplatesPage(
    TemplateService templates, ModelService modelService, TokenizerCache tokenizers, PreviewService previews, LintService lint,
    NavigationManager navigation, IJSRuntime browser) : WorkbenchPage
{
    /// <summary>The linter renders some hundred conversations: it waits until the typing pauses.</summary>
    private static readonly TimeSpan LintDelay = TimeSpan.FromMilliseconds(500);

    private IReadOnlyList<ModelEntry> models = [];
    private WorkspaceState state = new();
    private Preview? latest;
    private Preview? good;
    private CancellationTokenSource? running;
    private CancellationTokenSource? linting;
    private IReadOnlyList<LintFinding> findings = [];
    private string? linted;
    private string? lintedFor;

    [SupplyParameterFromQuery(Name = "model")]
    private string? ModelId { get; set; }

    protected override Task OnInitializedAsync() => TryAsync(async () =>
    {
        models = await modelService.ListAsync(Left);
        navigation.LocationChanged += FollowLink;
        if (ShareLink.Decode(navigation.Uri) is { } shared)
        {
            await OpenAsync(shared);
            return;
        }

        var model = models.FirstOrDefault(entry => entry.Id == ModelId) ?? (models.Count > 0 ? models[0] : null);
        // A model without a template and, most often, without ChatML's special tokens is shown with the format that needs none.
        var template = model is { HasChatTemplate: true }
            ? tokenizers.Get(model.TokenizerPath).ChatTemplate
            : await templates.ResolveAsync(model is null ? TemplateChoice.Preset("chatml") : TemplateChoice.Default, Left);
        await ChangeAsync(state with { ModelId = model?.Id ?? "", Template = template ?? "" });
    });

    /// <summary>A link pasted into the address of the open page.</summary>
    private void FollowLink(object? sender, LocationChangedEventArgs location) => _ = InvokeAsync(() => TryAsync(async () =>
    {
        if (ShareLink.Decode(location.Location) is { } shared)
        {
            await OpenAsync(shared);
            StateHasChanged();
        }
    }));

    private async Task OpenAsync(WorkspaceState shared)
    {
        var known = models.Any(model => model.Id == shared.ModelId);
        await ChangeAsync(known ? shared : shared with { ModelId = "" });
        if (!known && shared.ModelId.Length > 0)
        {
            Problem = new Problem(L["The model of this link is not on this machine."], L["Choose a tokenizer here; the text is the same."]);
        }
    }

    private Task ChangeAsync(WorkspaceState changed)
    {
        state = changed;
        _ = LintAsync(); // what it does not expect goes to the boundary by itself
        return RenderAsync();
    }

    private async Task LintAsync()
    {
        var (template, model) = (state.Template, state.ModelId);
        if (template == linted && model == lintedFor)
        {
            return;
        }

        linting?.Cancel();
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(Left);
        linting = mine;
        try
        {
            await Task.Delay(LintDelay, mine.Token);
            var found = await lint.LintAsync(template, model.Length > 0 ? model : null, mine.Token);
            (findings, linted, lintedFor) = (found, template, model);
            StateHasChanged();
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // superseded, or the page was left
        }
        catch (Exception exception) when (Failure.Of(exception) is not null)
        {
            // a model that cannot be read: the preview says so
            (findings, linted, lintedFor) = ([], template, model);
            StateHasChanged();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
        finally
        {
            linting = linting == mine ? null : linting;
        }
    }

    private async Task GoToAsync((int Line, int? Column) place)
    {
        var module = await browser.InvokeAsync<IJSObjectReference>("import", "/js/share.js");
        await module.InvokeVoidAsync("goTo", place.Line, place.Column);
        await module.ReleaseAsync();
    }

    protected override void Dispose(bool disposing)
    {
        navigation.LocationChanged -= FollowLink;
        base.Dispose(disposing);
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
