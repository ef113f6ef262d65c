using Microsoft.JSInterop;

namespace Workbench.Web.Components.Shared;

/// <summary>Letting go of objects that live in the browser.</summary>
internal static class JsModules
{
    /// <summary>Disposes the reference; a browser that is gone already has let go by itself.</summary>
    public static async ValueTask ReleaseAsync(this IJSObjectReference? reference, bool callDispose = false)
    {
        if (reference is null)
        {
            return;
        }

        try
        {
            if (callDispose)
            {
                await reference.InvokeVoidAsync("dispose");
            }

            await reference.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // the circuit ended first
        }
    }
}
