using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>Sends what is asked to all panes and shows their answers as they come.</summary>
public sealed partial class ChatPage(
    ModelService modelService, RunService runs, TemplateService templates, ChatService chat, IJSRuntime browser, ILogger<ChatPage> logger) : WorkbenchPage, IAsyncDisposable
{
    private const string ToolsExample = """[{"type":"function","function":{"name":"get_weather","description":"…","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""";

    private ChatDesk? desk;
    private string prompt = "";
    private string shade = "";
    private ElementReference panes;
    private BrowserPart? tokens;

    [SupplyParameterFromQuery(Name = "model")]
    private string? ModelId { get; set; }

    [SupplyParameterFromQuery(Name = "base")]
    private string? BaseId { get; set; }

    [SupplyParameterFromQuery(Name = "tuned")]
    private string? TunedId { get; set; }

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
        var list = await modelService.ListAsync(Left);
        var made = new ChatDesk(chat, templates, () => InvokeAsync(StateHasChanged)) { Models = list };
        made.Panes.AddRange((await ChooseAsync(list)).Select(setup => new DeskPane(setup)));
        desk = made;
    });

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (desk is { Models.Count: > 0 } && tokens is null)
        {
            tokens = new BrowserPart(browser, "/js/tokens.js");
            try
            {
                await tokens.CreateAsync("watch", panes);
            }
            catch (JSException exception)
            {
                // The answers can be read without it, only not token by token.
                logger.LogError(exception, "The page's scripts are missing; build them in wwwroot-assets");
            }
        }
    }

    /// <summary>
    /// One model with its template and without it; base and tuned model where an address names both. Without a word, the newest result
    /// is taken.
    /// </summary>
    private async Task<IReadOnlyList<PaneSetup>> ChooseAsync(IReadOnlyList<ModelEntry> list)
    {
        var tuned = list.FirstOrDefault(model => model.Id == TunedId);
        var asked = list.FirstOrDefault(model => model.Id == ModelId) ?? tuned
            ?? list.Where(model => model.ParentRunId is not null || model.BasePath is not null).MaxBy(model => model.AddedAt)
            ?? (list.Count > 0 ? list[0] : null);
        if (asked is null)
        {
            return [];
        }

        var before = list.FirstOrDefault(model => model.Id == BaseId) ?? (tuned is null ? null : await ParentOfAsync(tuned, list));
        return before is null || before == asked ? [.. Both(asked)] : [.. Both(before), .. Both(asked)];
    }

    private static IEnumerable<PaneSetup> Both(ModelEntry model) =>
        [new PaneSetup { ModelId = model.Id }, new PaneSetup { ModelId = model.Id, Template = PaneSetup.NoTemplate }];

    private async Task<ModelEntry?> ParentOfAsync(ModelEntry tuned, IReadOnlyList<ModelEntry> list)
    {
        var parent = tuned.ParentRunId is { } run ? (await runs.ListAsync(Left)).FirstOrDefault(entry => entry.Id == run)?.Model : null;
        return list.FirstOrDefault(model => model.Path == tuned.BasePath)
            ?? list.FirstOrDefault(model => parent is not null && (model.Path == parent || model.Id == parent || model.Name == parent));
    }

    private async Task AskAsync()
    {
        if (desk is { Busy: false } && !string.IsNullOrWhiteSpace(prompt))
        {
            var text = prompt;
            prompt = "";
            if (!await TryAsync(() => desk.AskAsync(text, Left)))
            {
                prompt = text;
            }
        }
    }

    /// <summary>Does what a button in a pane asks for; what goes wrong is told above the question.</summary>
    private async Task ActAsync(Func<ChatDesk, CancellationToken, Task> action)
    {
        await TryAsync(() => action(desk!, Left));
        StateHasChanged(); // the button is a pane's, what it changed may be another's
    }

    private async Task OnKeyAsync(KeyboardEventArgs key)
    {
        if (key is { Key: "Enter", CtrlKey: true } or { Key: "Enter", MetaKey: true })
        {
            await AskAsync();
        }
        else if (key.Key == "Escape")
        {
            desk?.Stop();
        }
    }
}
