using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Shapes;
using Workbench.Web.Components.Shared;
using Workbench.Web.Languages;
using Workbench.Web.Services;
using Workbench.Web.Services.Hub;
using Workbench.Web.Services.Import;

namespace Workbench.Web.Components.Pages.Datasets;

/// <summary>Takes rows from wherever they are, shows what they are, imports them, and says what became of them.</summary>
public sealed partial class DatasetImport(DatasetService datasets, DataFolder folder, HubDatasets hub, TimeProvider clock, IStringLocalizer<Words> words) : IDisposable
{
    /// <summary>Largest file taken through a page; larger ones are imported by their path.</summary>
    private const long MaxSize = 4L * 1024 * 1024 * 1024;

    private const int MaxPasted = 1 << 20;

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(150);

    /// <summary>The browser's side of the file input stands only after the first rendering: a file chosen before would be lost.</summary>
    private bool listening;
    private CancellationTokenSource? stop;
    private string fileName = "";
    private string pasted = "";
    private string path = "";
    private string? file; // what is looked at
    private string? spool; // the folder that holds it, where it came through the page
    private HubParts? fetched; // what was fetched of a site
    private long size;
    private long read;
    private int uploads;
    private bool importing;
    private long drawn;
    private ImportLook? look;
    private ColumnMapping? mapping;
    private ImportProgress? progress;
    private ImportReport? report;
    private Problem? problem;

    /// <summary>Told after a dataset was added.</summary>
    [Parameter]
    public EventCallback OnImported { get; set; }

    public void Dispose()
    {
        stop?.Cancel();
        Forget();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            listening = true;
            StateHasChanged();
        }
    }

    private Task UploadAsync(InputFileChangeEventArgs change) => WorkAsync(change.File.Name, change.File.Size, async cancellationToken =>
    {
        if (change.FileCount > 1)
        {
            throw new UserInputException("More than one file was dropped.", "Import one file at a time: each becomes a dataset.", change.File.Name);
        }

        if (size > MaxSize)
        {
            throw new UserInputException($"{fileName} has {Figures.Bytes(size)}.", $"Pages take files up to {Figures.Bytes(MaxSize)}; give its path on the workbench's machine.", fileName);
        }

        await using var stream = change.File.OpenReadStream(MaxSize, cancellationToken);
        await SpoolAsync(stream, cancellationToken);
        await LookAsync(cancellationToken);
    });

    private Task PasteAsync() => WorkAsync("pasted.jsonl", Encoding.UTF8.GetByteCount(pasted), async cancellationToken =>
    {
        if (string.IsNullOrWhiteSpace(pasted))
        {
            throw new UserInputException("Nothing is pasted.", "Paste rows first.", "paste");
        }

        // What begins with neither brace nor bracket is a table.
        fileName = pasted.TrimStart()[0] is '{' or '[' ? "pasted.jsonl" : "pasted.csv";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(pasted));
        await SpoolAsync(stream, cancellationToken);
        await LookAsync(cancellationToken);
    });

    private Task OpenPathAsync() => WorkAsync(Path.GetFileName(path.Trim()), 0, async cancellationToken =>
    {
        var given = path.Trim();
        if (!File.Exists(given))
        {
            throw new UserInputException($"There is no file {given} on the workbench's machine.", "Give the full path of a file.", "path");
        }

        (file, size) = (given, new FileInfo(given).Length);
        await LookAsync(cancellationToken);
    });

    private Task FetchAsync(HubParts parts, HubPart part, string token) =>
        WorkAsync($"{parts.Dataset.Id}@{parts.Commit[..Math.Min(8, parts.Commit.Length)]}/{part.Name}".Replace("/", "--", StringComparison.Ordinal), part.Size, async cancellationToken =>
        {
            file = await hub.FetchAsync(parts, part, token, Arrived, cancellationToken);
            fetched = parts;
            await LookAsync(cancellationToken);
        });

    private Task MapAsync(ColumnMapping? chosen) => WorkAsync(fileName, size, async cancellationToken =>
    {
        mapping = chosen;
        await LookAsync(cancellationToken);
    }, keep: true);

    private Task ImportAsync(string name) => WorkAsync(fileName, size, async cancellationToken =>
    {
        importing = true;
        await using var stream = Open();
        report = await datasets.ImportAsync(stream, fileName, name, new Observer(Show), mapping, cancellationToken);
        Forget();
        pasted = "";
        await OnImported.InvokeAsync();
    }, keep: true);

    /// <summary>Lets go of the file that is looked at.</summary>
    private void Forget()
    {
        (look, mapping, file) = (null, null, null);
        if (spool is not null && Directory.Exists(spool))
        {
            Directory.Delete(spool, recursive: true);
        }

        if (fetched is not null)
        {
            hub.Forget(fetched);
        }

        (spool, fetched) = (null, null);
    }

    private async Task WorkAsync(string name, long bytes, Func<CancellationToken, Task> work, bool keep = false)
    {
        (report, problem, progress, read, importing) = (null, null, null, 0, false);
        (fileName, size) = (name, bytes);
        if (!keep)
        {
            Forget();
        }

        using var cancellation = new CancellationTokenSource();
        stop = cancellation;
        StateHasChanged();
        try
        {
            await work(cancellation.Token);
        }
        catch (UserInputException exception)
        {
            problem = Problem.From(exception);
        }
        catch (IOException exception)
        {
            problem = new Problem(words["{0} could not be read: {1}", fileName, exception.Message], words["See whether it is still there, then try again."]);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            problem = new Problem(words["The import of {0} was cancelled.", fileName], words["Nothing of it was kept."]);
        }
        finally
        {
            stop = null;
            uploads++; // a fresh input, so that the same file can be chosen again
        }
    }

    private async Task SpoolAsync(Stream stream, CancellationToken cancellationToken)
    {
        spool = folder.NewTemporaryFolder();
        file = Path.Combine(spool, "source");
        await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
        var buffer = new byte[1 << 16];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            read += count;
            Draw();
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        look = await Task.Run(
            async () =>
            {
                await using var stream = Open();
                return await ImportLook.OfAsync(stream, fileName, mapping, cancellationToken);
            }, cancellationToken);
    }

    private FileStream Open() => new(file!, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, useAsync: true);

    private void Arrived(long bytes)
    {
        read = bytes;
        Draw();
    }

    private void Show(ImportProgress now)
    {
        (progress, read) = (now, now.BytesRead);
        Draw();
    }

    private void Draw()
    {
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
