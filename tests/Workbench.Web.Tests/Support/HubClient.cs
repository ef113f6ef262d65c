using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Workbench.Web.Tests.Support;

/// <summary>Speaks SignalR's JSON protocol over a plain web socket (messages end with the record separator 0x1E).</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private const char End = '\u001e';
    private readonly ClientWebSocket socket = new();
    private readonly Channel<JsonElement> messages = Channel.CreateUnbounded<JsonElement>();
    private Task reading = Task.CompletedTask;

    public static async Task<HubClient> ConnectAsync(Uri address, Action<ClientWebSocketOptions>? configure = null)
    {
        var client = new HubClient();
        configure?.Invoke(client.socket.Options);
        var hub = new UriBuilder(address) { Scheme = "ws", Path = "/hubs/runs" }.Uri;
        await client.socket.ConnectAsync(hub, CancellationToken.None);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        client.reading = client.ReadAsync();
        return client;
    }

    public Task SubscribeAsync(string runId, long fromSeq) =>
        SendAsync($$"""{"type":1,"target":"Subscribe","arguments":["{{runId}}",{{fromSeq}}]}""");

    /// <summary>The next call of <paramref name="target"/>'s arguments; calls of others are passed over.</summary>
    public async Task<JsonElement> NextAsync(string target)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var message = await messages.Reader.ReadAsync(patience.Token);
            if (message.TryGetProperty("target", out var name) && name.GetString() == target)
            {
                return message.GetProperty("arguments");
            }
        }
    }

    /// <summary>Sequence numbers in order of arrival, until <paramref name="last"/> has come.</summary>
    public async Task<List<long>> SequenceAsync(long last)
    {
        var seen = new List<long>();
        while (seen.Count == 0 || seen[^1] < last)
        {
            seen.AddRange((await NextAsync("Metrics"))[1].EnumerateArray().Select(point => point.GetProperty("seq").GetInt64()));
        }

        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await reading;
        socket.Dispose();
    }

    private Task SendAsync(string json) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(json + End), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task ReadAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[1 << 16];
        var decoder = Encoding.UTF8.GetDecoder();
        var chars = new char[1 << 16];
        try
        {
            while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: WebSocketMessageType.Text } received)
            {
                text.Append(chars, 0, decoder.GetChars(buffer, 0, received.Count, chars, 0));
                var whole = text.ToString();
                var end = whole.LastIndexOf(End) + 1;
                foreach (var message in whole[..end].Split(End, StringSplitOptions.RemoveEmptyEntries))
                {
                    messages.Writer.TryWrite(JsonSerializer.Deserialize<JsonElement>(message));
                }

                text.Clear().Append(whole, end, whole.Length - end);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            messages.Writer.TryComplete(); // the test hung up
        }
    }
}
