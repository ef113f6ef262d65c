using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>A pane: whom it asks, and what was said in it.</summary>
public sealed class DeskPane(PaneSetup setup)
{
    public PaneSetup Setup { get; } = setup;

    public ChatThread Thread { get; set; } = new();
}

/// <summary>The panes of the chat page and what can be done in them. One thing is answered at a time: a question to all, or a pane's own.</summary>
/// <param name="chat">Answers.</param>
/// <param name="templates">Looks the chosen templates up.</param>
/// <param name="changed">Told when there is something new to draw, at most every 60 ms.</param>
public sealed class ChatDesk(ChatService chat, TemplateService templates, Func<Task> changed)
{
    public const int FewestPanes = 2;
    public const int MostPanes = 4;

    /// <summary>Answers are drawn at most this often, however fast tokens come.</summary>
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(60);

    private CancellationTokenSource? stop;

    /// <summary>Models to choose from.</summary>
    public IReadOnlyList<ModelEntry> Models { get; init; } = [];

    public List<DeskPane> Panes { get; } = [];

    /// <summary>Options of the panes that have none of their own.</summary>
    public SamplingDraft Sampling { get; } = new();

    /// <summary>A JSON list of tools that every template gets; empty for none.</summary>
    public string Tools { get; set; } = "";

    /// <summary>An answer is being written.</summary>
    public bool Busy => stop is not null;

    /// <summary>One more pane, as the last one is.</summary>
    public void AddPane()
    {
        if (Panes.Count < MostPanes)
        {
            Panes.Add(new DeskPane(Panes[^1].Setup.Copy()));
        }
    }

    public void RemovePane(DeskPane pane)
    {
        if (Panes.Count > FewestPanes)
        {
            Panes.Remove(pane);
        }
    }

    /// <summary>A pane of its own that goes on from a message.</summary>
    public void Fork(DeskPane pane, ChatNode node)
    {
        if (Panes.Count < MostPanes)
        {
            Panes.Insert(Panes.IndexOf(pane) + 1, new DeskPane(pane.Setup.Copy()) { Thread = ChatThread.CopyTo(node) });
        }
    }

    /// <summary>Forgets what was said in all panes.</summary>
    public void Clear() => Panes.ForEach(pane => pane.Thread = new ChatThread());

    /// <summary>Asks all panes.</summary>
    /// <exception cref="UserInputException">A template is gone, or the tools are no JSON list.</exception>
    public Task AskAsync(string text, CancellationToken left) => AnswerAsync(
        Panes, pane =>
        {
            pane.Thread.Ask(text);
            return pane.Thread.Answer(Draft(pane).N);
        }, left);

    /// <summary>Another answer to the same.</summary>
    public Task RegenerateAsync(DeskPane pane, ChatNode answer, CancellationToken left) => AnswerAsync([pane], _ => ChatThread.Again(answer, Draft(pane).N), left);

    /// <summary>More of an answer.</summary>
    public Task ContinueAsync(DeskPane pane, ChatNode answer, CancellationToken left) => AnswerAsync([pane], _ => [answer], left);

    /// <summary>Asks again with the message changed; a changed answer only stands, to be gone on with.</summary>
    public Task EditAsync(DeskPane pane, ChatNode node, string text, CancellationToken left)
    {
        ChatThread.Edit(node, text);
        return node.Answer is not null ? Task.CompletedTask : AnswerAsync([pane], _ => pane.Thread.Answer(Draft(pane).N), left);
    }

    /// <summary>Gives the results of the functions that the last answer wants called, and lets the model go on.</summary>
    public Task AnswerCallsAsync(DeskPane pane, IReadOnlyList<(ToolCall Call, string Result)> results, CancellationToken left)
    {
        foreach (var (call, result) in results)
        {
            pane.Thread.AnswerCall(call, result);
        }

        return AnswerAsync([pane], _ => pane.Thread.Answer(Draft(pane).N), left);
    }

    /// <summary>Ends what is being written; what came so far stays.</summary>
    public void Stop() => stop?.Cancel();

    private SamplingDraft Draft(DeskPane pane) => pane.Setup.Sampling ?? Sampling;

    private async Task AnswerAsync(IReadOnlyList<DeskPane> panes, Func<DeskPane, IReadOnlyList<ChatNode>> arrange, CancellationToken left)
    {
        if (Busy)
        {
            return;
        }

        using var source = CancellationTokenSource.CreateLinkedTokenSource(left);
        stop = source;
        List<IReadOnlyList<ChatNode>> asked = [];
        try
        {
            // The templates first: a question must not stand there unasked because one of them is gone.
            var chosen = await Task.WhenAll(panes.Select(pane => TemplateOfAsync(pane.Setup, source.Token)));
            ChatRequests.Read("[{}]", Tools);
            asked = [.. panes.Select(arrange)];
            var wanted = panes.Select((pane, index) => Request(pane, asked[index][0], chosen[index])).ToList();
            asked.ForEach(nodes => nodes.ToList().ForEach(node => node.Answer!.Begin()));
            await changed();
            await StreamAsync(new ChatTurn(wanted, "[]", Sampling.ToSampling()), asked, source.Token);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            // stopped by the user: what came so far stays
        }
        finally
        {
            stop = null;
            asked.ForEach(nodes => nodes.Where(node => node.Answer!.Growing).ToList().ForEach(node => node.Answer!.End()));
        }
    }

    private ChatPane Request(DeskPane pane, ChatNode answer, string? template)
    {
        var start = answer.Answer!.Text.Length > 0 ? answer.Answer.Start : null;
        var sampling = Draft(pane).ToSampling();
        return new ChatPane(pane.Setup.ModelId, pane.Setup.Template != PaneSetup.NoTemplate, template)
        {
            AdapterId = pane.Setup.AdapterId,
            Checkpoint = pane.Setup.Checkpoint,
            Messages = ChatThread.MessagesBefore(answer, pane.Setup.System),
            Tools = Tools,
            Sampling = start is null ? sampling : sampling with { N = 1 },
            Start = start,
        };
    }

    private async Task StreamAsync(ChatTurn turn, List<IReadOnlyList<ChatNode>> asked, CancellationToken cancel)
    {
        var drawn = DateTime.UtcNow;
        await foreach (var happened in chat.AnswerAsync(turn, cancel))
        {
            var answers = asked[happened.Pane];
            foreach (var node in happened switch
            {
                ChatText text => [answers[text.Choice]],
                ChatFinished finished => [answers[finished.Choice]],
                _ => answers,
            })
            {
                node.Answer!.Take(happened);
            }

            if (DateTime.UtcNow - drawn > DrawInterval)
            {
                await changed();
                await Task.Yield(); // lets a click on Stop in between two tokens
                drawn = DateTime.UtcNow;
            }
        }
    }

    /// <summary>The chosen template's text; null for the model's own. A model without one is given the plain preset.</summary>
    private async Task<string?> TemplateOfAsync(PaneSetup setup, CancellationToken cancel) => setup.Template switch
    {
        PaneSetup.NoTemplate => null,
        TemplateChoice.Model => Models.Any(model => (model.Id == setup.ModelId || model.Id == setup.AdapterId) && model.HasChatTemplate)
            ? null
            : await templates.ResolveAsync(TemplateChoice.Default, cancel),
        _ => await templates.ResolveAsync(setup.Template, cancel),
    };
}
