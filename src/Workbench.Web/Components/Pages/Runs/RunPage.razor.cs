using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Radzen;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>One run: its state, its curves, its log, and what can be done with it.</summary>
public sealed partial class RunPage(
    RunService runs, ModelService models, RunNotifier notifier, DialogService dialogs, NavigationManager navigation, TimeProvider clock) : WorkbenchPage
{
    /// <summary>Characters of the log kept on the page.</summary>
    private const int LogLength = 64 * 1024;

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private RunEntry? run;
    private ModelEntry? result;
    private string log = "";
    private string configText = "";
    private bool busy;
    private Pace pace = new();
    private IDisposable? subscription;
    private ITimer? redraw;

    [Parameter]
    public string Id { get; set; } = "";

    protected override Task OnParametersSetAsync() => TryAsync(async () =>
    {
        subscription?.Dispose();
        // Listening begins before reading: what happens in between is shown, not lost.
        subscription = notifier.Subscribe(Id, happened => _ = InvokeAsync(() => ApplyAsync(happened)));
        log = await runs.LogAsync(Id, cancellationToken: Left);
        run = await runs.GetAsync(Id, Left);
        pace = new Pace().Seen(run, clock.GetUtcNow());
        configText = JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(run.Config), Indented);
        await FindResultAsync();
    });

    protected override void Dispose(bool disposing)
    {
        subscription?.Dispose();
        redraw?.Dispose();
        base.Dispose(disposing);
    }

    private async Task ApplyAsync(RunEvent happened)
    {
        switch (happened)
        {
            case RunStatusChanged changed:
                run = changed.Run;
                pace = pace.Seen(run, clock.GetUtcNow());
                if (run.Status == RunStatus.Completed)
                {
                    await FindResultAsync();
                }

                break;
            case RunLogAdded added:
                log = (log + added.Text) is { Length: > LogLength } longer ? longer[^LogLength..] : log + added.Text;
                break;
            case RunDeleted:
                navigation.NavigateTo("/runs");
                return;
        }

        // Steps may come by the hundred a second; the page need not be drawn as often.
        redraw ??= clock.CreateTimer(_ => InvokeAsync(() =>
        {
            redraw?.Dispose();
            redraw = null;
            StateHasChanged();
        }), null, Redraw, Timeout.InfiniteTimeSpan);
    }

    private async Task FindResultAsync() =>
        result = (await models.ListAsync(Left)).FirstOrDefault(model => model.ParentRunId == Id);

    private Task StopAsync() => ActAsync(async () => run = await runs.StopAsync(Id, Left));

    private Task ResumeAsync() => ActAsync(async () => run = await runs.ResumeAsync(Id, Left));

    private async Task ActAsync(Func<Task> action)
    {
        busy = true;
        await TryAsync(action);
        busy = false;
    }

    private async Task DeleteAsync()
    {
        if (await dialogs.AskAsync($"“{run!.Name}” and its folder with all checkpoints will be deleted.", "Delete run?", "Delete")
            && await TryAsync(() => runs.DeleteAsync(Id, Left)))
        {
            navigation.NavigateTo("/runs");
        }
    }

    private string Progress() => run switch
    {
        { Status: RunStatus.Queued } => "Waits for its turn.",
        { TotalSteps: { } total } => $"Step {Figures.Count(run.Step)} of {Figures.Count(total)}",
        { Status: RunStatus.Running } => "Reading the model and the rows…",
        _ => "",
    };

    private string Remaining() =>
        run is { Status: RunStatus.Running, TotalSteps: { } total } && pace.TimeFor(total - run.Step) is { } left
            ? $"about {Figures.Duration(left)} left"
            : "";

    private string Took() => run is { StartedAt: { } started } ? Figures.Duration((run.FinishedAt ?? clock.GetUtcNow()) - started) : "–";
}
