using System.Globalization;
using System.Text.Json;

namespace Workbench.Benchmarks.Train;

/// <summary>
/// <c>./workbench bench train [SHAPE]</c>: SFT of a model with random weights beside plain PyTorch (peers/torch_trainer.py) on the
/// same rows, in the same batches, with the same threads. The losses of both are compared too.
/// </summary>
internal static class TrainBenchmark
{
    private const int Batch = 8;

    private sealed record Result(
        string Shape, double TokensPerSecond, double PeerTokensPerSecond, double TimesPeer, double Mfu, double PeakMegabytes, double PeerPeakMegabytes, double LargestLossDifference);

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
                results.Add(Compare(shape, peer, folder.FullName));
                Print(results[^1]);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        Results.Write("train.json", results);
        return results.Count > 0 && results.All(result => result.LargestLossDifference < 1e-3) ? 0 : 1;
    }

    private static Result Compare(TrainShape shape, string peer, string folder)
    {
        var (model, rows, config) = (Path.Combine(folder, "model"), Path.Combine(folder, "rows.jsonl"), Path.Combine(folder, "config.json"));
        var steps = shape.Steps + 1;
        ChatLikeRows.Write(rows, steps * Batch, shape.Vocabulary);
        MeasuredProcess.Run("/usr/bin/python3", peer, "init", "--model", model, "--shape", shape.Name);
        File.WriteAllText(config, JsonSerializer.Serialize(new
        {
            method = "sft", model_name_or_path = model, dataset = rows, output_dir = Path.Combine(folder, "run"), max_steps = steps, padding_free = true,
            per_device_train_batch_size = Batch, learning_rate = 1e-4, shuffle = false, logging_steps = 1, save_strategy = "no", device = "cpu",
        }));

        var theirs = MeasuredProcess.Run(
            "/usr/bin/python3", peer, "sft", "--model", model, "--data", rows, "--batch", $"{Batch}", "--steps", $"{steps}", "--lr", "1e-4");
        var ours = MeasuredProcess.Run(Path.Combine(Places.Root, "artifacts", "app", "workbench"), "train", config);

        var (points, peerSteps) = (ours.Lines.Where(line => line.TryGetProperty("tokens_per_second", out _)).ToList(), theirs.Lines.SkipLast(1).ToList());
        double Value(JsonElement line, string name) => line.GetProperty(name).GetDouble();
        // The first step of each warms caches and pools; the time of a step of ours is its tokens over its speed.
        var tokens = peerSteps.Skip(1).Sum(step => Value(step, "tokens"));
        var seconds = points.Zip(peerSteps).Skip(1).Sum(pair => Value(pair.Second, "tokens") / Value(pair.First, "tokens_per_second"));
        var peerSeconds = peerSteps.Skip(1).Sum(step => Value(step, "seconds"));
        return new Result(
            shape.Name, tokens / seconds, tokens / peerSeconds, peerSeconds / seconds, points.Skip(1).Average(point => Value(point, "mfu")),
            ours.PeakMegabytes, theirs.PeakMegabytes, points.Zip(peerSteps).Max(pair => Math.Abs(Value(pair.First, "loss") - Value(pair.Second, "loss"))));
    }

    private static void Print(Result result) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Shape,-13} {result.TokensPerSecond,7:F0} tokens/s, PyTorch {result.PeerTokensPerSecond,6:F0}: {result.TimesPeer:F1} times; {result.Mfu:P0} of the matrix peak; peak memory {result.PeakMegabytes:N0} MB, PyTorch {result.PeerPeakMegabytes:N0}; losses differ by {result.LargestLossDifference:E1} at most"));
}
