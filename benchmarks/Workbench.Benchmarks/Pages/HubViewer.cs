using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Workbench.Benchmarks.Pages;

/// <summary>
/// Someone who watches every live run: SignalR's JSON protocol over a web socket. Notes the sequence numbers, and how long after its writing
/// each point came.
/// </summary>
internal sealed class HubViewer : IAsyncDisposable
{
    private const byte End = 0x1E;
    private readonly ClientWebSocket socket = new();
    private readonly Dictionary<string, long> last = [];
    private Task reading = Task.CompletedTask;

    /// <summary>Points that did not follow the one before.</summary>
    public int Gaps { get; private set; }

    /// <summary>Points received.</summary>
    public int Points { get; private set; }

    /// <summary>Seconds from writing to receipt.</summary>
    public List<double> Latencies { get; } = [];

    public static async Task<HubViewer> WatchAsync(Uri address, IEnumerable<string> runs)
    {
        var viewer = new HubViewer();
        await viewer.socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/hubs/runs" }.Uri, CancellationToken.None);
        await viewer.SendAsync("""{"protocol":"json","version":1}""");
        foreach (var run in runs)
        {
            await viewer.SendAsync($$"""{"type":1,"target":"Subscribe","arguments":["{{run}}",0]}""");
        }

        viewer.reading = viewer.ReadAsync();
        return viewer;
    }

    /// <summary>Whether every run's point of that number has come.</summary>
    public bool Has(long seq, int runs) => last.Count == runs && last.Values.All(number => number >= seq);

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await reading;
        socket.Dispose();
    }

    private Task SendAsync(string message) => socket.SendAsync(Encoding.UTF8.GetBytes(message + (char)End), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        var pending = new List<byte>();
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } got)
            {
                pending.AddRange(buffer.AsSpan(0, got.Count));
                for (var end = pending.IndexOf(End); end >= 0; end = pending.IndexOf(End))
                {
                    Take(pending.GetRange(0, end).ToArray());
                    pending.RemoveRange(0, end + 1);
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            return; // the viewer was closed
        }
    }

    private void Take(byte[] message)
    {
        using var json = JsonDocument.Parse(message);
        if (!json.RootElement.TryGetProperty("target", out var target) || target.GetString() != "Metrics")
        {
            return;
        }

        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var arguments = json.RootElement.GetProperty("arguments");
        var run = arguments[0].GetString()!;
        foreach (var point in arguments[1].EnumerateArray())
        {
            var seq = point.GetProperty("seq").GetInt64();
            Gaps += seq == last.GetValueOrDefault(run) + 1 ? 0 : 1;
            last[run] = seq;
            Points++;
            Latencies.Add(now - point.GetProperty("time").GetDouble());
        }
    }
}
