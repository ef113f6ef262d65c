using System.Text.Json;

namespace Workbench.Web.Api.OpenAi;

/// <summary>Server-sent events as OpenAI sends them: <c>data: {…}</c>, and <c>data: [DONE]</c> at the end.</summary>
internal sealed class EventStream
{
    private static readonly byte[] Before = "data: "u8.ToArray();
    private static readonly byte[] After = "\n\n"u8.ToArray();
    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();

    private readonly HttpResponse response;

    public EventStream(HttpResponse response)
    {
        this.response = response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
    }

    public async Task SendAsync<T>(T body, CancellationToken cancel)
    {
        await response.Body.WriteAsync(Before, cancel);
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, OpenAiErrors.Json), cancel);
        await response.Body.WriteAsync(After, cancel);
        await response.Body.FlushAsync(cancel);
    }

    public async Task EndAsync(CancellationToken cancel)
    {
        await response.Body.WriteAsync(Done, cancel);
        await response.Body.FlushAsync(cancel);
    }
}
