using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Generation;

namespace Workbench.Web.Services.Chat;

/// <summary>Asks several models (or one in several ways) the same, side by side.</summary>
public sealed class ChatService(ChatModels models, GeneratorPool pool, TimeProvider clock)
{
    /// <summary>Most panes in one turn.</summary>
    public const int MaxPanes = 8;

    /// <summary>Tokens told with each step.</summary>
    public const int Alternatives = 6;

    /// <summary>Tokens that wait for a slow reader before generation waits, too.</summary>
    private const int Ahead = 64;

    /// <summary>Answers of all panes as they come, mixed; each answer's events are in order and end with finished, or its pane's with failed.</summary>
    /// <param name="turn">What to ask whom.</param>
    /// <param name="cancellationToken">Stops all panes between two tokens.</param>
    /// <exception cref="UserInputException">The messages are no JSON list, or there are too many panes.</exception>
    public async IAsyncEnumerable<ChatEvent> AnswerAsync(ChatTurn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (turn.Panes.Count is 0 or > MaxPanes)
        {
            throw new UserInputException($"A turn has {turn.Panes.Count} panes.", $"Ask 1 to {MaxPanes} at a time.", "panes");
        }

        var requests = turn.Panes.Select(pane => ChatRequests.Read(pane.Messages ?? turn.Messages, pane.Tools)).ToList();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = Channel.CreateBounded<ChatEvent>(Ahead);
        var panes = turn.Panes.Select((pane, index) => Task.Run(
            () => AnswerAsync(index, pane, pane.Sampling ?? turn.Sampling, requests[index], events.Writer, stop.Token), CancellationToken.None));
        var all = Task.WhenAll(panes).ContinueWith(done => events.Writer.Complete(done.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            await foreach (var chatEvent in events.Reader.ReadAllAsync(cancellationToken))
            {
                yield return chatEvent;
            }
        }
        finally
        {
            await stop.CancelAsync(); // a reader that left early must not leave models working
            await all;
        }
    }

    private async Task AnswerAsync(
        int index, ChatPane pane, ChatSampling sampling, JsonElement request, ChannelWriter<ChatEvent> events, CancellationToken stop)
    {
        try
        {
            if (sampling.N is < 1 or > ChatSampling.MaxChoices)
            {
                throw new UserInputException($"n is {sampling.N}.", $"Ask for 1 to {ChatSampling.MaxChoices} answers.", "n");
            }

            var weights = await models.ResolveAsync(pane.ModelId, pane.AdapterId, pane.Checkpoint, stop);
            using var lease = pool.Rent(weights.Path, weights.BasePath);
            var generator = lease.Generator;
            var prompt = pane.UseTemplate
                ? PromptBuilder.FromMessages(generator.Tokenizer, pane.Template, request, clock.GetLocalNow().DateTime, stop)
                : PromptBuilder.FromText(generator.Tokenizer, ChatRequests.PlainText(request));
            prompt = pane.Start is { } start ? prompt.With(generator.Tokenizer, start) : prompt;
            await events.WriteAsync(new ChatStarted(index, prompt.Text, prompt.Tokens(generator.Tokenizer)), stop);
            await Task.WhenAll(Enumerable.Range(0, sampling.N).Select(choice => Task.Run(
                () => StreamAsync(index, choice, generator, prompt, sampling, events, stop), CancellationToken.None)));
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            await events.WriteAsync(new ChatFailed(index, failure.Message, failure.Remedy), stop);
        }
    }

    private static async Task StreamAsync(
        int index, int choice, Generator generator, Prompt prompt, ChatSampling sampling, ChannelWriter<ChatEvent> events, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        var (count, last) = (0, default(GeneratedToken));
        foreach (var token in generator.Stream(prompt.Ids, sampling.ToOptions(choice, Alternatives), stop))
        {
            count++;
            last = token;
            await events.WriteAsync(new ChatText(index, choice, token.Text, Describe(generator.Tokenizer.Tokenizer, token)), stop);
        }

        await events.WriteAsync(
            new ChatFinished(index, choice, last?.FinishReason ?? FinishReasons.Length, count, count / Math.Max(watch.Elapsed.TotalSeconds, 1e-9))
            {
                StopToken = last is { EndsTurn: true } ? generator.Tokenizer.Tokenizer.IdToToken(last.Id) : null,
                StopText = last?.StopText,
                ContextFull = last?.FinishReason == FinishReasons.Length && count < sampling.MaxTokens,
            },
            stop);
    }

    private static ChatToken Describe(Tokenizer tokenizer, GeneratedToken token) => new(
        token.Id,
        tokenizer.IdToToken(token.Id) ?? "",
        token.LogProbability,
        token.Next?.Entropy ?? 0,
        [.. (token.Next?.Top ?? []).Select(best => new ChatAlternative(best.Id, TokenTexts.Of(tokenizer, best.Id), best.LogProbability))],
        token.EndsTurn);
}
