using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>Sends one prompt to the base and the tuned model, each with and without the chat template, and streams the four answers.</summary>
public sealed partial class ChatPage(ModelService modelService, RunService runs, TemplateService templates, ChatService chat) : WorkbenchPage
{
    /// <summary>Answers are drawn at most this often, however fast tokens come.</summary>
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(60);

    private static readonly bool[] WithAndWithout = [true, false];

    private IReadOnlyList<ModelEntry>? models;
    private List<PaneState> panes = [];
    private string baseId = "";
    private string tunedId = "";
    private string template = TemplateChoice.Model;
    private string prompt = "";
    private int maxTokens = 256;
    private double temperature;
    private int seed = 42;
    private CancellationTokenSource? stop;

    [SupplyParameterFromQuery(Name = "model")]
    private string? ModelId { get; set; }

    [SupplyParameterFromQuery(Name = "base")]
    private string? BaseId { get; set; }

    [SupplyParameterFromQuery(Name = "tuned")]
    private string? TunedId { get; set; }

    protected override Task OnInitializedAsync() => TryAsync(async () =>
    {
        var list = await modelService.ListAsync(Left);
        await ChooseAsync(list);
        models = list;
        Arrange();
    });

    /// <summary>A tuned model is compared with the one it was tuned from; without a word, the newest result is taken.</summary>
    private async Task ChooseAsync(IReadOnlyList<ModelEntry> list)
    {
        var asked = list.FirstOrDefault(model => model.Id == ModelId);
        var tuned = list.FirstOrDefault(model => model.Id == TunedId)
            ?? (asked is not null && IsTuned(asked) ? asked : null)
            ?? (asked is null ? list.Where(IsTuned).MaxBy(model => model.AddedAt) : null);
        var parent = tuned?.ParentRunId is { } run
            ? (await runs.ListAsync(Left)).FirstOrDefault(entry => entry.Id == run)?.Model
            : null;
        var first = list.FirstOrDefault(model => model.Id == BaseId)
            ?? (asked is not null && IsTuned(asked) ? null : asked)
            ?? list.FirstOrDefault(model => model.Path == tuned?.BasePath)
            ?? list.FirstOrDefault(model => parent is not null && (model.Path == parent || model.Id == parent || model.Name == parent))
            ?? list.FirstOrDefault(model => !IsTuned(model))
            ?? (list.Count > 0 ? list[0] : null);
        (baseId, tunedId) = (first?.Id ?? "", tuned?.Id ?? "");
    }

    private static bool IsTuned(ModelEntry model) => model.ParentRunId is not null || model.BasePath is not null;

    private void Arrange()
    {
        panes =
        [
            .. from choice in Sides()
               where choice.Id.Length > 0
               from withTemplate in WithAndWithout
               select new PaneState(choice.Kind, NameOf(choice.Id), choice.Id, withTemplate),
        ];
    }

    private List<(string Kind, string Id)> Sides() => [("Base", baseId), ("Tuned", tunedId)];

    private string NameOf(string id) => models?.FirstOrDefault(model => model.Id == id)?.Name ?? "";

    private async Task AskAsync()
    {
        if (stop is not null || string.IsNullOrWhiteSpace(prompt))
        {
            return;
        }

        Arrange();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Left);
        stop = source;
        try
        {
            await TryAsync(() => StreamAsync(source.Token));
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            // stopped by the user: what came so far stays
        }
        finally
        {
            stop = null;
            panes.ForEach(pane => pane.End());
        }
    }

    private async Task StreamAsync(CancellationToken cancel)
    {
        var chosen = await templates.ResolveAsync(template, cancel);
        var plain = await templates.ResolveAsync(TemplateChoice.Default, cancel);
        var wanted = panes.Select(pane => new ChatPane(
            pane.ModelId, pane.WithTemplate, chosen ?? (models!.First(model => model.Id == pane.ModelId).HasChatTemplate ? null : plain))).ToList();
        var messages = JsonSerializer.Serialize(new[] { new { role = "user", content = prompt } });
        var turn = new ChatTurn(wanted, messages, new ChatSampling(temperature, MaxTokens: Math.Clamp(maxTokens, 1, 4096), Seed: seed));
        var drawn = DateTime.UtcNow;
        await foreach (var happened in chat.AnswerAsync(turn, cancel))
        {
            panes[happened.Pane].Take(happened);
            if (DateTime.UtcNow - drawn > DrawInterval)
            {
                StateHasChanged();
                await Task.Yield(); // lets a click on Stop in between two tokens
                drawn = DateTime.UtcNow;
            }
        }
    }

    private void Stop() => stop?.Cancel();

    private async Task OnKeyAsync(KeyboardEventArgs key)
    {
        if (key is { Key: "Enter", CtrlKey: true } or { Key: "Enter", MetaKey: true })
        {
            await AskAsync();
        }
        else if (key.Key == "Escape")
        {
            Stop();
        }
    }
}
