using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;
using Workbench.Data.Formats;
using Workbench.Web.Components.Shared;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>Shares a <see cref="WorkspaceState"/> and exports its template.</summary>
public sealed partial class SharePanel(IJSRuntime browser, NavigationManager navigation, DialogService dialogs, TemplateExport export) : IAsyncDisposable
{
    private IJSObjectReference? module;
    private Problem? problem;
    private string? said;
    private string? refused;

    [Parameter, EditorRequired]
    public WorkspaceState State { get; set; } = new();

    /// <summary>Folder of the chosen model; null without one.</summary>
    [Parameter]
    public string? ModelPath { get; set; }

    private NavigationManager Navigation => navigation;

    private Task LinkAsync() => TryAsync(async () =>
    {
        var fragment = ShareLink.Encode(State);
        await (await ModuleAsync()).InvokeVoidAsync("setFragment", fragment);
        await PutAsync(L["The link"], $"{navigation.ToAbsoluteUri("/templates")}#{fragment}");
    });

    private Task CopyAsync(string what, Func<string> make) => TryAsync(() => PutAsync(what, make()));

    private Task DownloadAsync() => TryAsync(async () => await (await ModuleAsync()).InvokeVoidAsync("download", "chat_template.jinja", State.Template));

    private async Task WriteAsync()
    {
        if (await dialogs.AskAsync(L, L["The template becomes chat_template in {0}. What is there now is kept beside it as a dated copy.", ModelPath!], L["Write into the model?"], L["Write"]))
        {
            await TryAsync(async () => said = await export.WriteAsync(State.ModelId, State.Template));
        }
    }

    private async Task PutAsync(string what, string text)
    {
        var copied = await (await ModuleAsync()).InvokeAsync<bool>("copy", text);
        said = copied ? L["{0} is in the clipboard.", what] : L["The browser does not let pages copy here; take the text below."];
        refused = copied ? null : text;
    }

    private async Task TryAsync(Func<Task> action)
    {
        (problem, said, refused) = (null, null, null);
        try
        {
            await action();
        }
        catch (UserInputException exception)
        {
            problem = Problem.From(exception);
        }
        catch (JsonException exception)
        {
            problem = new Problem(L["The conversation is {0}.", JsonErrors.Describe(exception)], L["Correct it first."]);
        }
    }

    private async Task<IJSObjectReference> ModuleAsync() => module ??= await browser.InvokeAsync<IJSObjectReference>("import", "/js/share.js");

    public ValueTask DisposeAsync() => module.ReleaseAsync();
}
