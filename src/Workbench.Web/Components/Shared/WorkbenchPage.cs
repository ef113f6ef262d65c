using Microsoft.AspNetCore.Components;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Shared;

/// <summary>A page that shows its users' mistakes and stops its work when it is left.</summary>
public abstract class WorkbenchPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource left = new();

    protected WorkbenchPage() => Left = left.Token;

    /// <summary>What went wrong last; null when nothing did.</summary>
    protected Problem? Problem { get; set; }

    /// <summary>Cancelled when the user leaves the page.</summary>
    protected CancellationToken Left { get; }

    /// <summary>Runs the action; what the user got wrong becomes <see cref="Problem"/>, any other exception goes to the boundary.</summary>
    /// <returns>Whether the action went through.</returns>
    protected async Task<bool> TryAsync(Func<Task> action)
    {
        Problem = null;
        try
        {
            await action();
            return true;
        }
        catch (UserInputException exception)
        {
            Problem = Problem.From(exception);
            return false;
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose()
    {
        left.Cancel();
        left.Dispose();
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What a page holds besides.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
