using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Workbench.Web.Components.Shared;
using Workbench.Web.Languages;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Layout.Palette;

/// <summary>Ctrl+K: everywhere one can go and what one can do, by typing a few letters.</summary>
public sealed partial class CommandPalette(
    PaletteSearch search, NavigationManager navigation, IJSRuntime browser, WordsLocalizer own, ILogger<CommandPalette> logger)
{
    private const string Places = "Places";
    private const string Actions = "Actions";
    private const string SwitchTheme = "#theme";

    private ElementReference dialog;
    private BrowserPart? part;
    private IJSObjectReference? palette;
    private DotNetObjectReference<CommandPalette>? self;
    private IReadOnlyList<PaletteEntry> entries = [];
    private IReadOnlyList<PaletteEntry> found = [];
    private string query = "";
    private int at;

    private string Query
    {
        get => query;
        set
        {
            query = value;
            Find();
        }
    }

    /// <summary>The browser opened it: what there is, is read anew.</summary>
    [JSInvokable]
    public async Task Opened()
    {
        query = "";
        entries = [.. PlaceEntries(), .. ActionEntries(), .. await search.ThingsAsync()];
        Find();
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        if (part is not null)
        {
            await part.DisposeAsync();
        }

        self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        try
        {
            self = DotNetObjectReference.Create(this);
            part = new BrowserPart(browser, "/js/palette.js");
            palette = await part.CreateAsync("watch", dialog, self);
        }
        catch (JSException exception)
        {
            // The navigation leads everywhere, too.
            logger.LogError(exception, "The page's scripts are missing; build them in wwwroot-assets");
        }
    }

    private PaletteEntry[] PlaceEntries()
    {
        PaletteEntry Page(string icon, string title, string href) => new(Places, icon, title, href);
        return
        [
            Page("home", L["Home"], "/"), Page("deployed_code", L["Models"], "/models"), Page("data_object", L["Templates"], "/templates"),
            Page("dataset", L["Datasets"], "/datasets"), Page("monitoring", L["Runs"], "/runs"), Page("forum", L["Chat"], "/chat"),
            Page("balance", L["Judge blindly"], "/chat/judge"), Page("edit_note", L["Notebook"], "/chat/notebook"),
        ];
    }

    private List<PaletteEntry> ActionEntries()
    {
        PaletteEntry Action(string icon, string title, string href) => new(Actions, icon, title, href);
        var back = Uri.EscapeDataString(navigation.ToAbsoluteUri(navigation.Uri).PathAndQuery);
        return
        [
            Action("play_arrow", L["Start a run"], "/runs/new"),
            Action("compare_arrows", L["Compare runs"], "/runs/compare"),
            Action("contrast", L["Switch between light and dark"], SwitchTheme),
            .. LanguageChoice.Offered.Where(language => language.Tag != own.Language)
                .Select(language => Action("translate", language.Name, $"/language/{language.Tag}?back={back}")),
        ];
    }

    private void Find() => (found, at) = (PaletteSearch.Match(entries, query), 0);

    private async Task OnKey(KeyboardEventArgs key)
    {
        at = key.Key switch
        {
            "ArrowDown" => Math.Min(at + 1, found.Count - 1),
            "ArrowUp" => Math.Max(at - 1, 0),
            _ => at,
        };
        if (key.Key is "ArrowDown" or "ArrowUp" && palette is not null)
        {
            await palette.InvokeVoidAsync("reveal", at);
        }
    }

    private Task ChooseAsync() => at < found.Count ? GoAsync(found[at]) : Task.CompletedTask;

    private async Task GoAsync(PaletteEntry entry)
    {
        if (palette is not null)
        {
            await palette.InvokeVoidAsync(entry.Href == SwitchTheme ? "switchTheme" : "close");
        }

        if (entry.Href != SwitchTheme)
        {
            // Another language is a page of its own.
            navigation.NavigateTo(entry.Href, forceLoad: entry.Href.StartsWith("/language/", StringComparison.Ordinal));
        }
    }
}
