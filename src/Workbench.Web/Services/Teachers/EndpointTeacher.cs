using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Web.Services.Teachers;

/// <summary>A model behind an OpenAI-compatible endpoint (<c>POST /chat/completions</c>), asked with patience: what may pass is tried again.</summary>
public sealed class EndpointTeacher : ITeacher, IDisposable
{
    private const int MaxAnswerBytes = 16 << 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly EndpointOptions options;
    private readonly TimeProvider clock;
    private readonly Uri address;
    private readonly HttpClient client;

    /// <exception cref="UserInputException">An option is out of range.</exception>
    public EndpointTeacher(EndpointOptions options, TimeProvider clock)
    {
        options.Validate();
        (this.options, this.clock) = (options, clock);
        address = new Uri(options.Url.AbsoluteUri.TrimEnd('/') + "/chat/completions");
        client = new HttpClient { Timeout = TimeSpan.FromMinutes(10), MaxResponseContentBufferSize = MaxAnswerBytes };
        if (options.ApiKey is { } key)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        Identity = JsonSerializer.Serialize(new { url = options.Url, options.Model, options.Temperature, options.TopP, options.MaxTokens });
    }

    public string Identity { get; }

    public int Concurrency => options.Concurrency;

    public void Dispose() => client.Dispose();

    public async Task<TeacherAnswer> AnswerAsync(Question question, CancellationToken cancellationToken)
    {
        var request = Request(question);
        for (var attempt = 0; ; attempt++)
        {
            var (answer, problem, wait) = await TryAsync(request, cancellationToken);
            if (answer is not null)
            {
                return answer;
            }

            if (attempt == options.Retries)
            {
                throw new UserInputException(
                    $"The endpoint gave no answer in {attempt + 1} tries; the last one: {problem}", "See whether it is up, then run again; answers so far are kept in the ledger.", address.ToString());
            }

            // Full jitter keeps the requests of one run from coming back all at once (Brooker, "Exponential Backoff and Jitter", 2015).
            var backoff = options.FirstWait * Math.Pow(2, attempt) * (0.5 + (Random.Shared.NextDouble() / 2));
            await Task.Delay(wait ?? (backoff < LongestWait ? backoff : LongestWait), clock, cancellationToken);
        }
    }

    /// <returns>An answer, or what went wrong for now and how long the endpoint asks to wait.</returns>
    private async Task<(TeacherAnswer? Answer, string? Problem, TimeSpan? Wait)> TryAsync(JsonObject request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.PostAsJsonAsync(address, request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return (Read(body), null, null);
            }

            var problem = $"{(int)response.StatusCode} {Shown(body)}";
            return response.StatusCode switch
            {
                HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => (null, problem, Wait(response)),
                HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableContent =>
                    throw new RefusedQuestionException($"the endpoint refused the prompt: {problem}"),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                    throw new UserInputException($"The endpoint does not accept the key: {problem}", "Put a valid key into the environment variable that --api-key-env names.", address.ToString()),
                _ => throw new UserInputException($"The endpoint answers {problem}", "Check address and model: the address ends before /chat/completions.", address.ToString()),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, exception.Message, null); // no connection, one that broke off, or no answer in time
        }
    }

    private TimeSpan? Wait(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter is not { } after ? null : after.Delta ?? (after.Date - clock.GetUtcNow());
        return wait is null ? null : TimeSpan.FromTicks(Math.Clamp(wait.Value.Ticks, 0, LongestWait.Ticks));
    }

    private JsonObject Request(Question question)
    {
        var request = new JsonObject
        {
            ["model"] = options.Model,
            ["messages"] = JsonArray.Create(question.Messages),
            ["temperature"] = options.Temperature,
            ["top_p"] = options.TopP,
            ["max_tokens"] = options.MaxTokens,
            ["seed"] = question.Seed,
        };
        if (question.Tools is { } tools)
        {
            request["tools"] = JsonArray.Create(tools);
        }

        return request;
    }

    private TeacherAnswer Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var choice = document.RootElement.GetProperty("choices")[0];
            var message = new JsonObject { ["role"] = "assistant" };
            foreach (var name in new[] { "reasoning_content", "content", "tool_calls" })
            {
                if (choice.GetProperty("message").TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Array)
                {
                    message[name] = JsonNode.Parse(value.GetRawText());
                }
            }

            message.TryAdd("content", "");
            var usage = document.RootElement.TryGetProperty("usage", out var used) && used.ValueKind == JsonValueKind.Object ? used : default;
            return new TeacherAnswer(
                JsonSerializer.SerializeToElement(message),
                choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString()! : "stop",
                Count(usage, "prompt_tokens"),
                Count(usage, "completion_tokens"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new UserInputException($"The endpoint does not answer as OpenAI's does: {Shown(body)}", "Name the address of an OpenAI-compatible server, e.g. http://127.0.0.1:8000/v1.", address.ToString(), exception);
        }
    }

    private static int Count(JsonElement usage, string name) =>
        usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) ? count : 0;

    private static string Shown(string body) => body.Length <= 300 ? body : body[..300] + "…";
}
