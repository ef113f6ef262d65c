using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;
using Workbench.Web.Services.Judging;

namespace Workbench.Web.Components.Pages.Chat.Judge;

/// <summary>Blind comparison: pairs of answers, votes, ratings. Votes that were not written to the dataset are when the page is left.</summary>
public sealed partial class JudgePage(
    ModelService modelService, DatasetService datasetService, TemplateService templates, ChatService chat, VoteStore votes, VoteDataset voteDataset,
    TimeProvider clock, ILogger<JudgePage> logger) : WorkbenchPage, IAsyncDisposable
{
    private const int MostPrompts = 500;

    private static readonly (Verdict Verdict, string Key)[] Verdicts = [(Verdict.A, "A"), (Verdict.B, "B"), (Verdict.Tie, "T"), (Verdict.BothBad, "N")];

    private JudgeDesk? desk;
    private IReadOnlyList<DatasetEntry> datasets = [];
    private IReadOnlyList<EloRating> ratings = [];
    private IReadOnlyList<string> taken = [];
    private DatasetEntry? dataset;
    private string datasetId = "";
    private string typed = "";
    private int pending;
    private int asked;

    /// <summary>The prompts to choose from, in turn.</summary>
    private List<string> Prompts => [.. typed.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0), .. taken];

    public async ValueTask DisposeAsync()
    {
        Dispose();
        try
        {
            await voteDataset.WriteAsync();
        }
        catch (UserInputException exception)
        {
            // Nobody is there any more to be told; the votes are kept, and the next visit writes them.
            logger.LogWarning(exception, "The votes could not be written to their dataset");
        }
    }

    protected override Task OnInitializedAsync() => TryAsync(async () =>
    {
        var made = new JudgeDesk(chat, templates, votes, clock, () => InvokeAsync(StateHasChanged)) { Models = await modelService.ListAsync(Left) };
        made.Contenders.UnionWith(made.Models.Take(2).Select(model => model.Id));
        datasets = await datasetService.ListAsync(Left);
        await CountAsync();
        desk = made;
    });

    private void Choose(string model, bool chosen) => _ = chosen ? desk!.Contenders.Add(model) : desk!.Contenders.Remove(model);

    private async Task AskAsync()
    {
        if (desk is { Busy: false } && Prompts is { Count: > 0 } prompts)
        {
            if (await TryAsync(() => desk.AskAsync(prompts[asked++ % prompts.Count], Left)) && desk.Duel is { Ready: true })
            {
                StateHasChanged();
                await pair.FocusAsync(preventScroll: true); // so that the keys judge
            }
        }
    }

    private Task<bool> VoteAsync(Verdict verdict) => TryAsync(async () =>
    {
        desk!.Vote(verdict);
        await CountAsync();
    });

    private Task<bool> SaveAsync() => TryAsync(async () =>
    {
        await voteDataset.WriteAsync();
        await CountAsync();
    });

    private async Task CountAsync()
    {
        ratings = EloRatings.Of(votes.All());
        dataset = await voteDataset.FindAsync(Left);
        pending = await voteDataset.PendingAsync(Left);
    }

    /// <summary>What users ask in the rows of a dataset: the first user message of each.</summary>
    private Task<bool> TakePromptsAsync(string id) => TryAsync(async () =>
    {
        datasetId = id;
        taken = id.Length == 0 ? [] : [.. (await datasetService.RowsAsync(id, 0, MostPrompts, Left)).Select(PromptOf).OfType<string>().Distinct()];
    });

    private static string? PromptOf(JsonElement row)
    {
        if (!row.TryGetProperty("messages", out var messages) && !row.TryGetProperty("prompt", out messages))
        {
            return null;
        }

        return messages.ValueKind switch
        {
            JsonValueKind.String => messages.GetString(),
            JsonValueKind.Array => messages.EnumerateArray()
                .Where(message => message.TryGetProperty("role", out var role) && role.ToString() == "user" && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
                .Select(message => message.GetProperty("content").GetString()).FirstOrDefault(),
            _ => null,
        };
    }

    /// <summary>A, B, T and N judge while the focus is on the pair, never while something is typed.</summary>
    private async Task OnKeyAsync(KeyboardEventArgs key)
    {
        if (key is { CtrlKey: false, MetaKey: false, AltKey: false }
            && Array.Find(Verdicts, entry => entry.Key.Equals(key.Key, StringComparison.OrdinalIgnoreCase)) is { Key: not null } found)
        {
            await VoteAsync(found.Verdict);
        }
    }

    private string Word(Verdict verdict) => verdict switch
    {
        Verdict.A => L["A is better"],
        Verdict.B => L["B is better"],
        Verdict.Tie => L["Tie"],
        _ => L["Both are bad"],
    };

    private string Hint(Duel duel) => duel switch
    {
        { Verdict: not null } => L["Thank you: now you see whose answers they are."],
        { Ready: true } => L["Which one is better?"],
        _ when desk!.Busy => L["Both are answering…"],
        _ => L["These answers are not complete, so there is nothing to judge."],
    };

    private static string Whole(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
