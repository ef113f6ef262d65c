using Microsoft.JSInterop;

namespace Workbench.Web.Components.Shared;

/// <summary>
/// What a script of ours makes for a component, kept as long as the component is shown. A page can be left while the browser still loads
/// the script: what arrives after that is let go at once, and what fails then (its element is gone) is nobody's fault.
/// </summary>
/// <param name="browser">The browser of this circuit.</param>
/// <param name="script">Address of the module, such as <c>/js/editor.js</c>.</param>
internal sealed class BrowserPart(IJSRuntime browser, string script) : IAsyncDisposable
{
    private IJSObjectReference? module;
    private IJSObjectReference? made;
    private bool gone;

    /// <summary>Loads the module and calls a function of it that returns an object with a <c>dispose</c>.</summary>
    /// <returns>The object; null where the component has gone meanwhile.</returns>
    /// <exception cref="JSException">The script is missing or failed.</exception>
    public async Task<IJSObjectReference?> CreateAsync(string function, params object?[] arguments)
    {
        try
        {
            module = await browser.InvokeAsync<IJSObjectReference>("import", script);
            made = gone ? null : await module.InvokeAsync<IJSObjectReference>(function, arguments);
        }
        catch (Exception exception) when (gone && exception is JSException or JSDisconnectedException or OperationCanceledException)
        {
            return null;
        }

        if (gone)
        {
            await ReleaseAsync();
        }

        return gone ? null : made;
    }

    public async ValueTask DisposeAsync()
    {
        gone = true;
        await ReleaseAsync();
    }

    private async Task ReleaseAsync()
    {
        await made.ReleaseAsync(callDispose: true);
        await module.ReleaseAsync();
    }
}
