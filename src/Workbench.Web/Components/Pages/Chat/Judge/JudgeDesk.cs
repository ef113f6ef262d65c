using System.Text.Json;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;
using Workbench.Web.Services.Judging;

namespace Workbench.Web.Components.Pages.Chat.Judge;

/// <summary>Two answers to one prompt, whose models are not told.</summary>
public sealed record Duel(string Prompt, ModelEntry ModelA, ModelEntry ModelB)
{
    public AnswerState A { get; } = new();

    public AnswerState B { get; } = new();

    /// <summary>Both answers are there to be judged.</summary>
    public bool Ready => A is { Growing: false, Finished: not null } && B is { Growing: false, Finished: not null };

    /// <summary>What was said of them; null before that.</summary>
    public Verdict? Verdict { get; set; }
}

/// <summary>Pairs models blindly, has both answer, and takes the votes.</summary>
/// <param name="changed">Told when there is something new to draw.</param>
public sealed class JudgeDesk(ChatService chat, TemplateService templates, VoteStore votes, TimeProvider clock, Func<Task> changed)
{
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(60);

    private CancellationTokenSource? stop;

    public IReadOnlyList<ModelEntry> Models { get; init; } = [];

    /// <summary>Ids of the models that are compared.</summary>
    public HashSet<string> Contenders { get; } = [];

    /// <summary>A <see cref="TemplateChoice"/>, for all of them.</summary>
    public string Template { get; set; } = TemplateChoice.Model;

    public SamplingDraft Sampling { get; } = new();

    public Duel? Duel { get; private set; }

    public bool Busy => stop is not null;

    /// <summary>Asks two of the models, those that were judged together least, on sides drawn by lot.</summary>
    /// <exception cref="UserInputException">Fewer than two models are chosen, or the template is gone.</exception>
    public async Task AskAsync(string prompt, CancellationToken left)
    {
        if (Busy)
        {
            return;
        }

        using var source = CancellationTokenSource.CreateLinkedTokenSource(left);
        stop = source;
        Duel? duel = null;
        try
        {
            var (a, b) = Pair();
            var panes = await Task.WhenAll(new[] { a, b }.Select(model => PaneAsync(model, source.Token)));
            Duel = duel = new Duel(prompt, a, b);
            duel.A.Begin();
            duel.B.Begin();
            var messages = JsonSerializer.Serialize(new[] { new { role = "user", content = prompt } });
            var drawn = DateTime.UtcNow;
            await foreach (var happened in chat.AnswerAsync(new ChatTurn(panes, messages, Sampling.ToSampling() with { N = 1 }), source.Token))
            {
                (happened.Pane == 0 ? duel.A : duel.B).Take(happened);
                if (DateTime.UtcNow - drawn > DrawInterval)
                {
                    await changed();
                    await Task.Yield();
                    drawn = DateTime.UtcNow;
                }
            }
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            // stopped by the user: there is nothing to judge
        }
        finally
        {
            stop = null;
            foreach (var answer in duel is null ? [] : new[] { duel.A, duel.B }.Where(answer => answer.Growing))
            {
                answer.End();
            }
        }
    }

    public void Stop() => stop?.Cancel();

    /// <summary>Takes the judge's word on the answers shown, once.</summary>
    /// <exception cref="UserInputException">The vote could not be kept.</exception>
    public void Vote(Verdict verdict)
    {
        if (Duel is not { Ready: true, Verdict: null } duel)
        {
            return;
        }

        votes.Add(new Vote(
            duel.Prompt, duel.A.Text, duel.B.Text, duel.ModelA.Name, duel.ModelB.Name, verdict, Template, JsonSerializer.Serialize(Sampling.ToSampling()), clock.GetUtcNow()));
        duel.Verdict = verdict;
    }

    private (ModelEntry A, ModelEntry B) Pair()
    {
        var chosen = Models.Where(model => Contenders.Contains(model.Id)).ToList();
        if (chosen.Count < 2)
        {
            throw new UserInputException("There are not two models to compare.", "Choose at least two.", "models");
        }

        var met = votes.All().CountBy(vote => Key(vote.ModelA, vote.ModelB)).ToDictionary();
        var pairs = (from a in chosen from b in chosen where string.CompareOrdinal(a.Id, b.Id) < 0 select (a, b)).ToArray();
        Random.Shared.Shuffle(pairs); // of those that met equally often, any
        var (first, second) = pairs.MinBy(pair => met.GetValueOrDefault(Key(pair.a.Name, pair.b.Name)));
        return Random.Shared.Next(2) == 0 ? (first, second) : (second, first);
    }

    private static (string, string) Key(string a, string b) => string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);

    private async Task<ChatPane> PaneAsync(ModelEntry model, CancellationToken cancel) => Template switch
    {
        PaneSetup.NoTemplate => new ChatPane(model.Id, UseTemplate: false),
        TemplateChoice.Model when model.HasChatTemplate => new ChatPane(model.Id),
        TemplateChoice.Model => new ChatPane(model.Id, Template: await templates.ResolveAsync(TemplateChoice.Default, cancel)),
        _ => new ChatPane(model.Id, Template: await templates.ResolveAsync(Template, cancel)),
    };
}
