using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Components.Pages.Chat.Notebook;

/// <summary>A free text that the model goes on with.</summary>
public sealed partial class NotebookPage(ModelService modelService, ChatService chat, IJSRuntime browser, ILogger<NotebookPage> logger) : WorkbenchPage, IAsyncDisposable
{
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(60);

    private readonly SamplingDraft sampling = new();
    private IReadOnlyList<ModelEntry>? models;
    private AnswerState? answer;
    private CancellationTokenSource? stop;
    private ElementReference body;
    private BrowserPart? tokens;
    private string modelId = "";
    private string text = "";
    private string? before;

    [SupplyParameterFromQuery(Name = "model")]
    private string? ModelId { get; set; }

    public async ValueTask DisposeAsync()
    {
        if (tokens is not null)
        {
            await tokens.DisposeAsync();
        }

        Dispose();
    }

    protected override Task OnInitializedAsync() => TryAsync(async () =>
    {
        models = await modelService.ListAsync(Left);
        modelId = models.FirstOrDefault(model => model.Id == ModelId)?.Id ?? (models.Count > 0 ? models[0].Id : "");
    });

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (models is { Count: > 0 } && tokens is null)
        {
            tokens = new BrowserPart(browser, "/js/tokens.js");
            try
            {
                await tokens.CreateAsync("watch", body);
            }
            catch (JSException exception)
            {
                // The text can be read without it, only not token by token.
                logger.LogError(exception, "The page's scripts are missing; build them in wwwroot-assets");
            }
        }
    }

    private async Task ContinueAsync()
    {
        if (stop is not null)
        {
            return;
        }

        using var source = CancellationTokenSource.CreateLinkedTokenSource(Left);
        stop = source;
        (before, answer) = (text, new AnswerState());
        answer.Begin();
        try
        {
            await TryAsync(() => StreamAsync(answer, text, source.Token));
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            // stopped by the user: what came so far stays
        }
        finally
        {
            stop = null;
            if (answer.Growing)
            {
                answer.End();
            }
        }
    }

    private async Task StreamAsync(AnswerState growing, string start, CancellationToken cancel)
    {
        var messages = JsonSerializer.Serialize(new[] { new { role = "user", content = start } });
        var turn = new ChatTurn([new ChatPane(modelId, UseTemplate: false)], messages, sampling.ToSampling() with { N = 1 });
        var drawn = DateTime.UtcNow;
        await foreach (var happened in chat.AnswerAsync(turn, cancel))
        {
            growing.Take(happened);
            text = start + growing.Text;
            if (DateTime.UtcNow - drawn > DrawInterval)
            {
                StateHasChanged();
                await Task.Yield();
                drawn = DateTime.UtcNow;
            }
        }
    }

    private void Stop() => stop?.Cancel();

    private void Undo() => (text, before, answer) = (before ?? text, null, null);

    private async Task OnKeyAsync(KeyboardEventArgs key)
    {
        if (key is { Key: "Enter", CtrlKey: true } or { Key: "Enter", MetaKey: true })
        {
            await ContinueAsync();
        }
        else if (key.Key == "Escape")
        {
            Stop();
        }
    }
}
