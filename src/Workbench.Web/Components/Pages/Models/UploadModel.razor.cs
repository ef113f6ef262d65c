using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Models;

/// <summary>Sends a model's files through the circuit.</summary>
public sealed partial class UploadModel(ModelUpload upload, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(150);

    /// <summary>The browser's side of the file input stands only after the first rendering: files chosen before would be lost.</summary>
    private bool listening;

    private CancellationTokenSource? stop;
    private int uploads;
    private string name = "";
    private string current = "";
    private long bytes;
    private long total;
    private long drawn;
    private Problem? problem;

    /// <summary>Told the model that was added.</summary>
    [Parameter]
    public EventCallback<ModelEntry> OnAdded { get; set; }

    public void Dispose() => stop?.Cancel();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            listening = true;
            StateHasChanged();
        }
    }

    private async Task UploadAsync(InputFileChangeEventArgs change)
    {
        (problem, bytes) = (null, 0);
        if (change.FileCount > ModelUpload.MaxFiles)
        {
            problem = new Problem($"{change.FileCount} files were chosen.", $"A model has at most {ModelUpload.MaxFiles}: choose those of its folder alone.");
            return;
        }

        using var cancellation = new CancellationTokenSource();
        try
        {
            var files = ModelUpload.Choose([.. change.GetMultipleFiles(ModelUpload.MaxFiles).Select(file =>
                new UploadedFile(file.Name, file.Size, token => file.OpenReadStream(ModelUpload.MaxFileBytes, token)))]);
            (stop, total, current) = (cancellation, files.Sum(file => file.Size), files[0].Name);
            StateHasChanged();
            await OnAdded.InvokeAsync(await upload.ReceiveAsync(files, name, Show, cancellation.Token));
            name = "";
        }
        catch (UserInputException exception)
        {
            problem = Problem.From(exception);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            problem = new Problem("The upload was cancelled.", "Nothing of it was kept.");
        }
        finally
        {
            stop = null;
            uploads++; // a fresh input, so that the same files can be chosen again
        }
    }

    private void Show(string file, long here)
    {
        (current, bytes) = (file, here);
        if (clock.GetElapsedTime(drawn) >= Redraw)
        {
            drawn = clock.GetTimestamp();
            _ = InvokeAsync(StateHasChanged);
        }
    }
}
