using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Workbench.Learning.Generation;

namespace Workbench.Web.Services;

/// <summary>Asks several models (or one in several ways) the same, side by side.</summary>
public sealed class ChatService(ModelService models, GeneratorPool pool, TimeProvider clock)
{
    /// <summary>Most panes in one turn.</summary>
    public const int MaxPanes = 8;

    /// <summary>Tokens that wait for a slow reader before generation waits, too.</summary>
    private const int Ahead = 64;

    /// <summary>Answers of all panes as they come, mixed; each pane's events are in order and end with finished or failed.</summary>
    /// <param name="turn">What to ask whom.</param>
    /// <param name="cancellationToken">Stops all panes between two tokens.</param>
    /// <exception cref="UserInputException">The messages are no JSON list, or there are too many panes.</exception>
    public async IAsyncEnumerable<ChatEvent> AnswerAsync(ChatTurn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (turn.Panes.Count is 0 or > MaxPanes)
        {
            throw new UserInputException($"A turn has {turn.Panes.Count} panes.", $"Ask 1 to {MaxPanes} at a time.", "panes");
        }

        var request = Request(turn.Messages);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = Channel.CreateBounded<ChatEvent>(Ahead);
        var panes = turn.Panes.Select((pane, index) => Task.Run(() => AnswerAsync(index, pane, turn.Sampling, request, events.Writer, stop.Token), CancellationToken.None));
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

    private static JsonElement Request(string messages)
    {
        try
        {
            var list = JsonNode.Parse(messages) as JsonArray;
            return list is { Count: > 0 }
                ? JsonSerializer.SerializeToElement(new JsonObject { ["messages"] = list })
                : throw new UserInputException("The messages are not a JSON list with at least one message.", "Give [{\"role\":\"user\",\"content\":\"…\"}].", "messages");
        }
        catch (JsonException exception)
        {
            throw new UserInputException("The messages are not valid JSON.", "Correct them at the place named.", $"line {exception.LineNumber + 1}", exception);
        }
    }

    private async Task AnswerAsync(
        int index, ChatPane pane, ChatSampling sampling, JsonElement request, ChannelWriter<ChatEvent> events, CancellationToken stop)
    {
        try
        {
            var model = await models.GetAsync(pane.ModelId, stop);
            using var lease = pool.Rent(model.Path, model.BasePath);
            var generator = lease.Generator;
            var prompt = pane.UseTemplate
                ? PromptBuilder.FromMessages(generator.Tokenizer, pane.Template, request, clock.GetLocalNow().DateTime, stop)
                : PromptBuilder.FromText(generator.Tokenizer, LastText(request));
            await events.WriteAsync(new ChatStarted(index, prompt.Text, prompt.Ids), stop);
            await StreamAsync(index, generator, prompt, sampling, events, stop);
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            await events.WriteAsync(new ChatFailed(index, failure.Message, failure.Remedy), stop);
        }
    }

    private static async Task StreamAsync(
        int index, Generator generator, Prompt prompt, ChatSampling sampling, ChannelWriter<ChatEvent> events, CancellationToken stop)
    {
        var options = new SamplingOptions
        {
            Temperature = sampling.Temperature,
            TopP = sampling.TopP,
            TopK = sampling.TopK,
            MaxTokens = sampling.MaxTokens,
            Seed = sampling.Seed,
        };
        var watch = Stopwatch.StartNew();
        var (count, reason) = (0, FinishReasons.Length);
        foreach (var token in generator.Stream(prompt.Ids, options, stop))
        {
            count++;
            reason = token.FinishReason ?? reason;
            if (token.Text.Length > 0)
            {
                await events.WriteAsync(new ChatText(index, token.Text), stop);
            }
        }

        await events.WriteAsync(new ChatFinished(index, reason, count, count / Math.Max(watch.Elapsed.TotalSeconds, 1e-9)), stop);
    }

    /// <summary>The last message's text: what a model without a template is given to continue.</summary>
    private static string LastText(JsonElement request)
    {
        var last = request.GetProperty("messages").EnumerateArray().Last();
        return last.ValueKind == JsonValueKind.Object && last.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : throw new UserInputException("The last message has no text.", "Without a template, only text can be sent.", "messages");
    }
}
