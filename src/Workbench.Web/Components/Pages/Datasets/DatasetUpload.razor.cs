using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Workbench.Data.Formats;
using Workbench.Web.Components.Shared;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Datasets;

/// <summary>Sends a file through the circuit into an import, and says what became of it.</summary>
public sealed partial class DatasetUpload(DatasetService datasets, TimeProvider clock) : IDisposable
{
    /// <summary>The browser's side of the file input stands only after the first rendering: a file chosen before would be lost.</summary>
    private bool listening;

    /// <summary>Largest file taken through a page; larger ones are imported on the command line.</summary>
    private const long MaxSize = 4L * 1024 * 1024 * 1024;

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(150);

    private CancellationTokenSource? stop;
    private string fileName = "";
    private long size;
    private int uploads;
    private ImportProgress? progress;
    private long drawn;
    private ImportReport? report;
    private Problem? problem;

    /// <summary>Told after a dataset was added.</summary>
    [Parameter]
    public EventCallback OnImported { get; set; }

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
        (report, problem, progress) = (null, null, null);
        if (change.FileCount > 1)
        {
            problem = new Problem("More than one file was dropped.", "Import one file at a time: each becomes a dataset.");
            return;
        }

        (fileName, size) = (change.File.Name, change.File.Size);
        if (size > MaxSize)
        {
            problem = new Problem($"{fileName} has {Figures.Bytes(size)}.", $"Pages take files up to {Figures.Bytes(MaxSize)}; split it.");
            return;
        }

        using var cancellation = new CancellationTokenSource();
        stop = cancellation;
        StateHasChanged();
        try
        {
            await using var stream = change.File.OpenReadStream(MaxSize, cancellation.Token);
            report = await datasets.ImportAsync(stream, fileName, progress: new Observer(Show), cancellationToken: cancellation.Token);
            await OnImported.InvokeAsync();
        }
        catch (UserInputException exception)
        {
            problem = Problem.From(exception);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            problem = new Problem($"The import of {fileName} was cancelled.", "Nothing of it was kept.");
        }
        finally
        {
            stop = null;
            uploads++; // a fresh input, so that the same file can be chosen again
        }
    }

    private void Show(ImportProgress now)
    {
        progress = now;
        if (clock.GetElapsedTime(drawn) >= Redraw)
        {
            drawn = clock.GetTimestamp();
            _ = InvokeAsync(StateHasChanged);
        }
    }

    /// <summary>Unlike <see cref="Progress{T}"/>, tells at once, so that nothing arrives after the end.</summary>
    private sealed class Observer(Action<ImportProgress> show) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => show(value);
    }
}
