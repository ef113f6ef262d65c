using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Workbench.Web.Tests.Support;

/// <summary>An OpenAI-compatible endpoint on this machine that answers what a test says.</summary>
internal sealed class FakeEndpoint : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakeEndpoint(WebApplication app) => this.app = app;

    /// <summary>All requests that came, in their order.</summary>
    public ConcurrentQueue<JsonElement> Requests { get; } = new();

    public string Url => app.Urls.First() + "/v1";

    /// <param name="answer">Status and answer text of a request, which is the n-th from 1; a status other than 200 says to come back at once.</param>
    public static async Task<FakeEndpoint> StartAsync(Func<JsonElement, int, (int Status, string Text)> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var endpoint = new FakeEndpoint(builder.Build());
        var number = 0;
        endpoint.app.MapPost("/v1/chat/completions", async (HttpContext context) =>
        {
            var request = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
            endpoint.Requests.Enqueue(request);
            var (status, text) = answer(request, Interlocked.Increment(ref number));
            context.Response.StatusCode = status;
            if (status != 200)
            {
                context.Response.Headers.RetryAfter = "0";
                await context.Response.WriteAsync(text);
                return;
            }

            await context.Response.WriteAsJsonAsync(new
            {
                choices = new[] { new { message = new { role = "assistant", content = text }, finish_reason = "stop" } },
                usage = new { prompt_tokens = 7, completion_tokens = 3 },
            });
        });
        await endpoint.app.StartAsync();
        return endpoint;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
