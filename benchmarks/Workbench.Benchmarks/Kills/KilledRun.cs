using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Benchmarks.Kills;

/// <summary>A configuration that is trained by <c>workbench train</c> in processes of its own.</summary>
internal sealed class KilledRun(string configuration)
{
    private readonly string _output = JsonNode.Parse(File.ReadAllText(configuration))!["output_dir"]!.GetValue<string>();

    /// <summary>Starts the training; the run folder tells how far it is.</summary>
    public Process Start()
    {
        var start = new ProcessStartInfo(Path.Combine(Places.Root, "artifacts", "app", "workbench"), ["train", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Complaint = line.Data ?? Complaint;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The last line on standard error.</summary>
    public string Complaint { get; private set; } = "";

    /// <summary>What <c>status.json</c> says; empty before it is there.</summary>
    public string Status
    {
        get
        {
            var path = Path.Combine(_output, "status.json");
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!["status"]!.GetValue<string>() : "";
        }
    }

    /// <summary>
    /// Every value that training decides, by step, as written; of steps that were trained twice both, because both must be right.
    /// </summary>
    public ILookup<int, string> Curve() => File.ReadLines(Path.Combine(_output, "metrics.jsonl"))
        .Where(line => line.EndsWith('}'))
        .Select(line => JsonNode.Parse(line)!.AsObject())
        .ToLookup(
            point => point["step"]!.GetValue<int>(),
            point => string.Join(' ', point
                .Where(pair => pair.Key is not ("seq" or "time" or "mfu" or "peak_memory_bytes") && !pair.Key.EndsWith("_per_second", StringComparison.Ordinal))
                .Select(pair => $"{pair.Key}={pair.Value?.ToJsonString()}")));

    /// <summary>The finished weights, of a model or of an adapter.</summary>
    public byte[] Weights() => File.ReadAllBytes(Directory.EnumerateFiles(Path.Combine(_output, "final"), "*model.safetensors").Single());

    /// <summary>Writes a configuration with another output folder.</summary>
    public static KilledRun Write(string folder, string name, JsonObject config)
    {
        var own = config.DeepClone().AsObject();
        own["output_dir"] = Path.Combine(folder, name);
        var path = Path.Combine(folder, name + ".json");
        File.WriteAllText(path, own.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return new KilledRun(path);
    }
}
