using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Workbench.Browser.Tests;

/// <summary>The application killed, or out of disk, while it makes versions of datasets: nothing is there by half, and everything works again.</summary>
public sealed class DatasetCrashTests
{
    private const int Rows = 30_000;

    /// <summary>More kills where somebody has the time: WORKBENCH_KILLS.</summary>
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("WORKBENCH_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 4;

    private static readonly object Recipe = new
    {
        steps = new object[] { new { op = "length", min_chars = 10 }, new { op = "repetition" }, new { op = "exact_dedup" }, new { op = "near_dedup" } },
    };

    /// <summary>A third of the rows are copies; all are made of numbers, so that every run is the same.</summary>
    private static byte[] Source() => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, Rows).Select(row => row % (Rows * 2 / 3)).Select(i => JsonSerializer.Serialize(new
    {
        messages = new object[]
        {
            new { role = "user", content = $"What is the {Word(i)} of {Word(i + 7)}?" },
            new { role = "assistant", content = string.Join(' ', Enumerable.Range(0, 40).Select(k => Word((i * 41) + k))) + "." },
        },
    }))));

    private static string Word(int i) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i)))[..6];

    private static HttpClient Client(WorkbenchProcess workbench) => new() { BaseAddress = workbench.Address, Timeout = TimeSpan.FromMinutes(2) };

    private static Task<HttpResponseMessage> ImportAsync(HttpClient client, byte[] source) =>
        client.PostAsync("/api/datasets?file_name=rows.jsonl", new ByteArrayContent(source) { Headers = { ContentType = new("application/jsonl") } });

    [Fact]
    public async Task Killed_at_any_moment_a_version_is_whole_or_not_there()
    {
        var source = Source();
        await using var first = await WorkbenchProcess.StartAsync();
        var data = first.DataFolder;
        using var client = Client(first);
        var clock = Stopwatch.StartNew();
        using var imported = await ImportAsync(client, source);
        Assert.Equal(HttpStatusCode.Created, imported.StatusCode);
        var importing = clock.Elapsed;
        var whole = (await imported.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("dataset");
        clock.Restart();
        using var applied = await client.PostAsJsonAsync($"/api/datasets/{whole.GetProperty("id").GetString()}/versions", Recipe);
        Assert.True(applied.StatusCode == HttpStatusCode.Created, await applied.Content.ReadAsStringAsync());
        var applying = clock.Elapsed;
        var filtered = (await applied.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("version");
        Assert.InRange(filtered.GetProperty("rows").GetInt32(), 1, Rows - 1);
        using var removed = await client.DeleteAsync($"/api/datasets/{whole.GetProperty("id").GetString()}");
        await first.StopAsync();

        var hashes = new Dictionary<string, int> { [Hash(whole.GetProperty("versions")[0])] = Rows, [Hash(filtered)] = filtered.GetProperty("rows").GetInt32() };
        string? kept = null;
        for (var kill = 0; kill < Kills * 2; kill++)
        {
            await using (var workbench = await WorkbenchProcess.StartAsync(data, keep: true))
            {
                using var caller = Client(workbench);
                kept = await CheckAsync(caller, data, hashes) ?? kept;
                var asked = kill % 2 == 0 || kept is null ? ImportAsync(caller, source) : caller.PostAsJsonAsync($"/api/datasets/{kept}/versions?parent=1", Recipe);
                var share = ((kill / 2) + 0.5) / Kills; // spread over the whole of the work
                await Task.WhenAny(asked, Task.Delay((kill % 2 == 0 ? importing : applying) * share));
                await workbench.StopAsync(); // SIGKILL
                await Task.WhenAny(asked); // whatever it says
            }
        }

        await using var last = await WorkbenchProcess.StartAsync(data);
        using var again = Client(last);
        await CheckAsync(again, data, hashes);
        using var complete = await ImportAsync(again, source);
        var id = (await complete.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("dataset").GetProperty("id").GetString();
        using var version = await again.PostAsJsonAsync($"/api/datasets/{id}/versions", Recipe);
        Assert.Equal(Hash(filtered), Hash((await version.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("version")));
    }

    [Fact]
    public async Task A_disk_that_fills_is_named_and_nothing_of_the_import_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && WorkbenchProcess.MayMount(), "needs a small disk of its own, which this system does not let the test mount");
        await using var workbench = await WorkbenchProcess.StartAsync(diskMegabytes: 24);
        using var client = Client(workbench);
        var row = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 1000)}}"}""" + "\n");
        var source = new byte[row.Length * 40_000]; // 40 MB
        for (var i = 0; i < source.Length; i += row.Length)
        {
            row.CopyTo(source, i);
        }

        using var refused = await ImportAsync(client, source);
        var error = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetRawText();
        Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, error);
        Assert.Contains("No space left", error, StringComparison.Ordinal);
        Assert.Contains("free space", error, StringComparison.Ordinal);
        Assert.Empty((await client.GetFromJsonAsync<JsonElement>("/api/datasets")).EnumerateArray());
        using var small = await ImportAsync(client, source[..(row.Length * 5000)]);
        Assert.Equal(HttpStatusCode.Created, small.StatusCode);
    }

    private static string Hash(JsonElement version) => version.GetProperty("content_hash").GetString()!;

    /// <summary>Everything that is listed is whole, and nothing else lies in the folder; the id of a dataset, null for none.</summary>
    private static async Task<string?> CheckAsync(HttpClient client, string data, Dictionary<string, int> hashes)
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(data, "tmp")));
        var datasets = (await client.GetFromJsonAsync<JsonElement>("/api/datasets")).EnumerateArray().ToList();
        Assert.Equal(datasets.Select(dataset => dataset.GetProperty("id").GetString()).Order(), Directory.EnumerateDirectories(Path.Combine(data, "datasets")).Select(Path.GetFileName).Order());
        foreach (var version in datasets.SelectMany(dataset => dataset.GetProperty("versions").EnumerateArray()))
        {
            var folder = Path.Combine(data, "datasets", version.GetProperty("dataset_id").GetString()!, $"v{version.GetProperty("number").GetInt32()}-{Hash(version)[..12]}");
            await using var rows = File.OpenRead(Path.Combine(folder, "rows.jsonl"));
            Assert.Equal(Hash(version), Convert.ToHexStringLower(await SHA256.HashDataAsync(rows)));
            Assert.Equal(hashes[Hash(version)], version.GetProperty("rows").GetInt32());
        }

        return datasets.Count == 0 ? null : datasets[0].GetProperty("id").GetString();
    }
}
