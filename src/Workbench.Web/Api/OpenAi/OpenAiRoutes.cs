using System.Text.Json;
using System.Threading.Channels;
using Workbench.Learning.Generation;
using Workbench.Web.Hosting;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Api.OpenAi;

/// <summary>
/// OpenAI's API for every model of the workbench: /v1/models, /v1/chat/completions, /v1/completions; and /apply-template, as llama.cpp's
/// server has it, for the text that a conversation becomes.
/// </summary>
internal static class OpenAiRoutes
{
    /// <summary>Tokens that wait for a slow client before generation waits, too.</summary>
    private const int Ahead = 64;

    public static void MapOpenAiApi(this WebApplication app)
    {
        var api = app.MapGroup("/v1").WithTags("openai");
        api.MapGet("/models", async (ChatModels models, CancellationToken cancel) => TypedResults.Json(
            new ModelList("list", [.. (await models.NamesAsync(cancel)).Select(Describe)]), OpenAiErrors.Json));
        api.MapGet("/models/{*name}", async (string name, ChatModels models, CancellationToken cancel) =>
        {
            await models.FindAsync(name, cancel);
            return TypedResults.Json(Describe((await models.NamesAsync(cancel)).FirstOrDefault(known => known.Name == name, (Name: name, Made: DateTimeOffset.UnixEpoch))), OpenAiErrors.Json);
        });
        api.MapPost("/chat/completions", (JsonElement body, HttpContext context, ChatModels models, GeneratorPool pool, TimeProvider clock) =>
            AnswerAsync(context, OpenAiRequest.ReadChat(body), chat: true, models, pool, clock))
            .WithDescription("A conversation to its answer; \"stream\": true sends it token by token.");
        api.MapPost("/completions", (JsonElement body, HttpContext context, ChatModels models, GeneratorPool pool, TimeProvider clock) =>
            AnswerAsync(context, OpenAiRequest.ReadCompletion(body), chat: false, models, pool, clock))
            .WithDescription("A plain text to what follows it.");
        api.MapFallback((HttpContext context) => Problems.WriteAsync(
            context, StatusCodes.Status404NotFound, "unknown_url", $"There is no {context.Request.Method} {context.Request.Path}.", "Use /v1/models, /v1/chat/completions or /v1/completions."))
            .ExcludeFromDescription();
        app.MapPost("/apply-template", async (JsonElement body, ChatModels models, GeneratorPool pool, TimeProvider clock, CancellationToken cancel) =>
        {
            var request = OpenAiRequest.ReadChat(body);
            var weights = await models.FindAsync(request.Model, cancel);
            using var lease = await Task.Run(() => pool.Rent(weights.Path, weights.BasePath), cancel);
            var prompt = PromptBuilder.FromMessages(lease.Generator.Tokenizer, null, request.Conversation(), clock.GetLocalNow().DateTime, cancel);
            return TypedResults.Ok(new { prompt = prompt.Text });
        }).WithTags("openai");
    }

    private static ModelBody Describe((string Name, DateTimeOffset Made) model) => new(model.Name, "model", model.Made.ToUnixTimeSeconds(), "workbench");

    private static async Task AnswerAsync(HttpContext context, OpenAiRequest request, bool chat, ChatModels models, GeneratorPool pool, TimeProvider clock)
    {
        var cancel = context.RequestAborted;
        var weights = await models.FindAsync(request.Model, cancel);
        using var lease = await Task.Run(() => pool.Rent(weights.Path, weights.BasePath), cancel);
        var tokenizer = lease.Generator.Tokenizer;
        var prompts = chat
            ? [PromptBuilder.FromMessages(tokenizer, null, request.Conversation(), clock.GetLocalNow().DateTime, cancel).Ids]
            : request.Prompts(tokenizer);
        var answers = Enumerable.Range(0, prompts.Count * request.N).Select(index => new AnswerBody(request, tokenizer.Tokenizer, index, chat)).ToList();
        var empty = new Completion(
            $"{(chat ? "chatcmpl" : "cmpl")}-{ShortId.New()}{ShortId.New()}", (chat, request.Stream) switch
            {
                (true, false) => "chat.completion",
                (true, true) => "chat.completion.chunk",
                _ => "text_completion",
            }, clock.GetUtcNow().ToUnixTimeSeconds(), request.Model, []);
        CompletionUsage Usage() => new(prompts.Sum(prompt => prompt.Count), answers.Sum(answer => answer.Tokens), prompts.Sum(prompt => prompt.Count) + answers.Sum(answer => answer.Tokens));

        // Checks the prompts before anything is sent: after that, an error can only be an event of the stream.
        var streams = answers.Select((_, index) => lease.Generator.Stream(
            prompts[index / request.N], request.Sampling with { Seed = request.Sampling.Seed + (index % request.N) }, cancel)).ToList();
        if (!request.Stream)
        {
            await foreach (var (index, token) in TogetherAsync(streams, cancel))
            {
                _ = answers[index].Take(token).Count();
            }

            await context.Response.WriteAsJsonAsync(empty with { Choices = [.. answers.Select(answer => answer.Whole())], Usage = Usage() }, OpenAiErrors.Json, cancel);
            return;
        }

        var events = new EventStream(context.Response);
        try
        {
            await foreach (var (index, token) in TogetherAsync(streams, cancel))
            {
                foreach (var piece in answers[index].Take(token))
                {
                    await events.SendAsync(empty with { Choices = [piece] }, cancel);
                }
            }

            if (request.StreamUsage)
            {
                await events.SendAsync(empty with { Usage = Usage() }, cancel);
            }

            await events.EndAsync(cancel);
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            await events.SendAsync(OpenAiErrors.Of(StatusCodes.Status400BadRequest, failure.Type, failure.Message, failure.Remedy, failure.Place), cancel);
        }
    }

    /// <summary>The tokens of several answers as they come; the generator computes the answers together.</summary>
    private static async IAsyncEnumerable<(int Index, GeneratedToken Token)> TogetherAsync(
        IReadOnlyList<IEnumerable<GeneratedToken>> streams, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var channel = Channel.CreateBounded<(int, GeneratedToken)>(Ahead);
        var readers = streams.Select((stream, index) => Task.Run(
            async () =>
            {
                foreach (var token in stream)
                {
                    await channel.Writer.WriteAsync((index, token), stop.Token);
                }
            },
            CancellationToken.None)).ToList();
        var all = Task.WhenAll(readers).ContinueWith(done => channel.Writer.Complete(done.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancel))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await all;
        }
    }
}
