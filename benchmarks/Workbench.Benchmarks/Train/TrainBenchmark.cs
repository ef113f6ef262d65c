using System.Globalization;
using System.Text.Json;

namespace Workbench.Benchmarks.Train;

/// <summary>
/// <c>./workbench bench train [SHAPE]</c>: SFT of a model with random weights beside plain PyTorch (peers/torch_trainer.py) on the
/// same rows, in the same batches, with the same threads. The losses of both are compared too; of an adapter the first, before it
/// learns something else than the whole model.
/// </summary>
internal static class TrainBenchmark
{
    private const int Batch = 8;

    /// <param name="Options">What the run sets besides the defaults.</param>
    /// <param name="Mfu">Share of the matrix peak in the run's own precision.</param>
    /// <param name="TimeShares">Of the steps, by part; the products inside attention belong to attention.</param>
    /// <param name="LargestLossDifference">From the peer's losses; each share of the loss.</param>
    private sealed record Result(
        string Shape, string Options, double TokensPerSecond, double PeerTokensPerSecond, double TimesPeer, double Mfu, double PeakMegabytes,
        double PeerPeakMegabytes, double LargestLossDifference, IReadOnlyDictionary<string, double> TimeShares);

    private static readonly (string Key, object Value)[] Adapter = [("use_peft", true), ("lora_target_modules", "all-linear"), ("lora_dropout", 0.05)];

    private static readonly (string Name, (string Key, object Value)[] Keys, double Tolerance, bool ComparesFirstLoss)[] Variants =
    [
        ("float32", [], 1e-4, false), ("bf16", [("bf16", true)], 1e-2, false), ("lora", Adapter, 1e-4, true), ("lora-bf16", [.. Adapter, ("bf16", true)], 1e-2, true),
    ];

    public static int Run(string[] arguments)
    {
        if (Places.Shared("peers/torch_trainer.py") is not { } peer)
        {
            return 1;
        }

        var results = new List<Result>();
        foreach (var shape in TrainShape.All.Where(shape => arguments.Length == 0 || arguments.Contains(shape.Name)))
        {
            var folder = Directory.CreateTempSubdirectory("workbench-bench-train-");
            try
            {
                results.AddRange(Compare(shape, peer, folder.FullName));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        Results.Write("train.json", results);
        return results.Count > 0 && results.All(result => result.LargestLossDifference < Variants.Single(variant => variant.Name == result.Options).Tolerance) ? 0 : 1;
    }

    private static List<Result> Compare(TrainShape shape, string peer, string folder)
    {
        var (model, rows, config) = (Path.Combine(folder, "model"), Path.Combine(folder, "rows.jsonl"), Path.Combine(folder, "config.json"));
        var steps = shape.Steps + 1;
        ChatLikeRows.Write(rows, steps * Batch, shape.Vocabulary);
        MeasuredProcess.Run("/usr/bin/python3", peer, "init", "--model", model, "--shape", shape.Name);
        var theirs = MeasuredProcess.Run(
            "/usr/bin/python3", peer, "sft", "--model", model, "--data", rows, "--batch", $"{Batch}", "--steps", $"{steps}", "--lr", "1e-4");
        var peerSteps = theirs.Lines.SkipLast(1).ToList();
        // The first step of each warms caches and pools.
        var tokens = peerSteps.Skip(1).Sum(step => Value(step, "tokens"));
        var peerSeconds = peerSteps.Skip(1).Sum(step => Value(step, "seconds"));

        var results = new List<Result>();
        foreach (var (name, keys, _, comparesFirst) in Variants)
        {
            var options = new Dictionary<string, object>
            {
                ["method"] = "sft", ["model_name_or_path"] = model, ["dataset"] = rows, ["output_dir"] = Path.Combine(folder, "run-" + name), ["max_steps"] = steps,
                ["padding_free"] = true, ["per_device_train_batch_size"] = Batch, ["learning_rate"] = 1e-4, ["shuffle"] = false, ["logging_steps"] = 1,
                ["save_strategy"] = "no", ["device"] = "cpu",
            };
            foreach (var (key, value) in keys)
            {
                options[key] = value;
            }

            File.WriteAllText(config, JsonSerializer.Serialize(options));
            var ours = MeasuredProcess.Run(Path.Combine(Places.Root, "artifacts", "app", "workbench"), "train", config);
            var points = ours.Lines.Where(line => line.TryGetProperty("tokens_per_second", out _)).ToList();
            // The time of a step of ours is its tokens over its speed.
            var seconds = points.Zip(peerSteps).Skip(1).Sum(pair => Value(pair.Second, "tokens") / Value(pair.First, "tokens_per_second"));
            results.Add(new Result(
                shape.Name, name, tokens / seconds, tokens / peerSeconds, peerSeconds / seconds, points.Skip(1).Average(point => Value(point, "mfu")),
                ours.PeakMegabytes, theirs.PeakMegabytes,
                points.Zip(peerSteps).Take(comparesFirst ? 1 : steps).Max(pair => Math.Abs((Value(pair.First, "loss") / Value(pair.Second, "loss")) - 1)),
                ours.Lines[^1].GetProperty("time_shares").EnumerateObject().ToDictionary(share => share.Name, share => share.Value.GetDouble())));
            Print(results[^1]);
        }

        return results;
    }

    private static double Value(JsonElement line, string name) => line.GetProperty(name).GetDouble();

    private static void Print(Result result)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Shape,-13} {result.Options,-9} {result.TokensPerSecond,6:F0} tokens/s, PyTorch {result.PeerTokensPerSecond,4:F0}: {result.TimesPeer,4:F1} times; {result.Mfu:P0} of the matrix peak; peak memory {result.PeakMegabytes:N0} MB, PyTorch {result.PeerPeakMegabytes:N0}; losses differ by {result.LargestLossDifference:E1} of the loss at most"));
        Console.WriteLine("  time: " + string.Join(", ", result.TimeShares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.Key} {share.Value:P1}"))));
    }
}
