using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Workbench.Benchmarks.Pages;

/// <summary>
/// A data folder as someone who works with the workbench daily has it: 100 runs (one of 100,000 points), 20 datasets, a million rows; and
/// runs that train now, whose worker is this very process.
/// </summary>
internal sealed class PagesWorld(string folder)
{
    public const int Runs = 100, Datasets = 20, LargestRows = 1_000_000, LongPoints = 100_000, LiveRuns = 5;
    private const int SmallRows = 200, ShortPoints = 200;

    public string Folder => folder;

    public static string LongRun => "long0000";

    public static string Live(int number) => $"live{number:0000}";

    public string MetricsOf(string run) => Path.Combine(folder, "runs", run, "metrics.jsonl");

    /// <summary>Writes the run folders; the application lists them when it starts.</summary>
    public void WriteRuns()
    {
        var random = new Random(1);
        for (var i = 0; i < Runs; i++)
        {
            WriteRun(i == 0 ? LongRun : $"run{i:00000}", i == 0 ? LongPoints : ShortPoints, "completed", random);
        }

        using var self = Process.GetCurrentProcess();
        for (var i = 0; i < LiveRuns; i++)
        {
            WriteRun(Live(i), 0, "running", random);
            File.WriteAllText(Path.Combine(folder, "runs", Live(i), "worker.json"), JsonSerializer.Serialize(new { Pid = self.Id, StartedAt = new DateTimeOffset(self.StartTime.ToUniversalTime()) }));
        }
    }

    /// <summary>A line of metrics.jsonl.</summary>
    public static string Line(long seq, double time, double noise) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"seq":{{seq}},"step":{{seq}},"epoch":{{seq / 1000.0}},"time":{{time:F4}},"loss":{{(3 / Math.Sqrt(seq)) + 1 + (noise * 0.1):F5}},"grad_norm":{{1 + noise:F4}},"learning_rate":{{1e-4:R}},"mean_token_accuracy":{{0.5 + (noise * 0.05):F4}},"entropy":{{1 + (noise * 0.1):F4}},"num_tokens":{{seq * 2048}},"tokens_per_second":{{9000 + (noise * 500):F1}},"mfu":{{0.4 + (noise * 0.02):F4}},"peak_memory_bytes":1500000000}""");

    /// <summary>Uploads the datasets; the first has a million rows.</summary>
    public static async Task UploadAsync(HttpClient http)
    {
        for (var i = 0; i < Datasets; i++)
        {
            using var rows = new MemoryStream();
            using (var writer = new StreamWriter(rows, new UTF8Encoding(false), leaveOpen: true))
            {
                for (var row = 0; row < (i == 0 ? LargestRows : SmallRows); row++)
                {
                    writer.Write($$"""{"messages":[{"role":"user","content":"Question {{row}} of set {{i}}?"},{"role":"assistant","content":"Answer {{row}}."}]}""" + "\n");
                }
            }

            rows.Position = 0;
            using var content = new StreamContent(rows);
            content.Headers.ContentType = new("application/jsonl");
            using var response = await http.PostAsync($"/api/datasets?file_name=set{i:00}.jsonl", content);
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Adds the starter's model, which lies beside the application.</summary>
    public static async Task<string> AddModelAsync(HttpClient http)
    {
        using var response = await http.PostAsJsonAsync("/api/models", new { path = Path.Combine(Places.Root, "artifacts", "app", "starter", "model"), name = "starter" });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private void WriteRun(string id, int points, string status, Random random)
    {
        var run = Directory.CreateDirectory(Path.Combine(folder, "runs", id)).FullName;
        File.WriteAllText(Path.Combine(run, "config.json"), JsonSerializer.Serialize(new { method = "sft", model_name_or_path = "/models/m", dataset = "/data/d.jsonl", output_dir = run, run_name = $"run {id}" }));
        File.WriteAllText(Path.Combine(run, "status.json"), JsonSerializer.Serialize(new { status, step = points, total_steps = Math.Max(points, 100_000) }));
        using var metrics = new StreamWriter(MetricsOf(id));
        for (var i = 1; i <= points; i++)
        {
            metrics.Write(Line(i, 1_700_000_000 + i, random.NextDouble()) + "\n");
        }
    }
}
