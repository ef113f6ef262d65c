using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Radzen;
using Workbench.Learning.Evaluation;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Watching;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>One run: its state, its curves, its log, and what can be done with it.</summary>
public sealed partial class RunPage(
    RunService runs, QueueService queue, ModelService models, AlertService alertService, RunNotifier notifier, DialogService dialogs, NavigationManager navigation, TimeProvider clock) : WorkbenchPage
{
    /// <summary>Characters of the log kept on the page.</summary>
    private const int LogLength = 64 * 1024;

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    /// <summary>Alerts and checkpoints change seldom; looking for them need not keep up with the steps.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private RunEntry? run;
    private ModelEntry? result;
    private IReadOnlyList<RunAlert> alerts = [];
    private IReadOnlyList<int> checkpoints = [];
    private IReadOnlyList<SamplePoint> samples = [];
    private IReadOnlyList<CompletionPoint> completions = [];
    private RunCharts? charts;
    private string log = "";
    private string configText = "";
    private bool busy;
    private Pace pace = new();
    private IDisposable? subscription;
    private ITimer? redraw;
    private ITimer? look;

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
        checkpoints = RunService.Checkpoints(run);
        alerts = await alertService.OfAsync(Id, Left);
        (samples, completions) = (RunService.Samples(run), Completions(run));
        await FindResultAsync();
    });

    protected override void Dispose(bool disposing)
    {
        look?.Dispose();
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

                LookSoon();
                break;
            case RunMetricsAdded:
                LookSoon();
                return; // the charts get them from the hub
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

    private void LookSoon() => look ??= clock.CreateTimer(_ => InvokeAsync(LookAsync), null, Look, Timeout.InfiniteTimeSpan);

    private async Task LookAsync()
    {
        look?.Dispose();
        look = null;
        await TryAsync(async () =>
        {
            var (raised, saved) = (await alertService.OfAsync(Id, Left), RunService.Checkpoints(run!));
            if (!saved.SequenceEqual(checkpoints) && charts is not null)
            {
                await charts.MarkAsync(Id, saved);
            }

            (alerts, checkpoints, samples, completions) = (raised, saved, RunService.Samples(run!), Completions(run!));
            StateHasChanged();
        });
    }

    /// <summary>Only GRPO keeps any.</summary>
    private static IReadOnlyList<CompletionPoint> Completions(RunEntry run) => run.Method == "grpo" ? RunService.Completions(run) : [];

    private async Task FindResultAsync() =>
        result = (await models.ListAsync(Left)).FirstOrDefault(model => model.ParentRunId == Id);

    private Task StopAsync() => ActAsync(async () => run = await runs.StopAsync(Id, Left));

    private Task PauseAsync() => ActAsync(async () => run = await queue.PauseAsync(Id, Left));

    private Task ReleaseAsync() => ActAsync(async () => run = await queue.ReleaseAsync(Id, Left));

    /// <summary>Ends the worker without a checkpoint: what was trained since the last one is lost.</summary>
    private async Task CancelAsync()
    {
        if (run is { Status: RunStatus.Queued }
            || await dialogs.AskAsync(L, L["What was trained since the last checkpoint is lost. Stop saves one first."], L["Cancel run?"], L["Cancel the run"]))
        {
            await ActAsync(async () => run = await queue.CancelAsync(Id, Left));
        }
    }

    private Task ResumeAsync() => ActAsync(async () => run = await runs.ResumeAsync(Id, Left));

    private async Task ActAsync(Func<Task> action)
    {
        busy = true;
        await TryAsync(action);
        busy = false;
    }

    private async Task DeleteAsync()
    {
        if (await dialogs.AskAsync(L, L["“{0}” and its folder with all checkpoints will be deleted.", run!.Name], L["Delete run?"], L["Delete"])
            && await TryAsync(() => runs.DeleteAsync(Id, Left)))
        {
            navigation.NavigateTo("/runs");
        }
    }

    private string Progress() => run switch
    {
        { Status: RunStatus.Queued, Held: true } => L["Paused."],
        { Status: RunStatus.Queued } => L["Waits for its turn."],
        { TotalSteps: { } total } => L["Step {0} of {1}", Figures.Count(run.Step), Figures.Count(total)],
        { Status: RunStatus.Running } => L["Reading the model and the rows…"],
        _ => "",
    };

    private string Phase(string phase) => phase switch
    {
        "loading" => L["loading the model"],
        "tokenizing" => L["tokenizing"],
        "evaluating" => L["evaluating"],
        "saving" => L["saving"],
        _ => L["training"],
    };

    private string Remaining() =>
        run is { Status: RunStatus.Running, TotalSteps: { } total } && pace.TimeFor(total - run.Step) is { } left
            ? L["about {0} left", Figures.Duration(left)]
            : "";

    private string Took() => run is { StartedAt: { } started } ? Figures.Duration((run.FinishedAt ?? clock.GetUtcNow()) - started) : "–";
}
