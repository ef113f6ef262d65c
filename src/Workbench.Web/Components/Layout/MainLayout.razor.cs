using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using Workbench.Web.Components.Shared;

namespace Workbench.Web.Components.Layout;

/// <summary>Navigation beside the page; in a narrow window a drawer over it.</summary>
public sealed partial class MainLayout(NavigationManager navigation, IJSRuntime browser, ILogger<MainLayout> logger) : IAsyncDisposable
{
    private ElementReference shell;
    private BrowserPart? part;
    private IJSObjectReference? menu;
    private DotNetObjectReference<MainLayout>? self;
    private FaultBoundary? boundary;
    private bool open;
    private bool wasOpen;

    private string Path => navigation.ToAbsoluteUri(navigation.Uri).PathAndQuery;

    [JSInvokable]
    public void CloseMenu()
    {
        open = false;
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        navigation.LocationChanged -= Arrived;
        if (part is not null)
        {
            await part.DisposeAsync();
        }

        self?.Dispose();
    }

    protected override void OnInitialized() => navigation.LocationChanged += Arrived;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await WatchAsync();
        }

        if (open && !wasOpen && menu is not null)
        {
            await menu.InvokeVoidAsync("opened");
        }

        wasOpen = open;
    }

    private async Task WatchAsync()
    {
        try
        {
            self = DotNetObjectReference.Create(this);
            part = new BrowserPart(browser, "/js/menu.js");
            menu = await part.CreateAsync("watch", shell, self);
        }
        catch (JSException exception)
        {
            // The menu works without it, only not by Escape.
            logger.LogError(exception, "The page's scripts are missing; build them in wwwroot-assets");
        }
    }

    private void Arrived(object? sender, LocationChangedEventArgs e) => _ = InvokeAsync(() =>
    {
        open = false;
        boundary?.Recover();
        StateHasChanged();
    });
}
