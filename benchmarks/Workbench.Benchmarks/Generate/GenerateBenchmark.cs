using System.Globalization;
using System.Text.Json;
using Workbench.Benchmarks.Train;
using Workbench.Torch.Kernels;

namespace Workbench.Benchmarks.Generate;

/// <summary>
/// <c>./workbench bench generate [SHAPE]</c>: one greedy answer of a model with random weights beside plain PyTorch with a key/value cache
/// (peers/torch_trainer.py), and the share of the memory's read bandwidth that the weights read for each token come to; then what many
/// answers at once and long prompts make.
/// </summary>
internal static class GenerateBenchmark
{
    private const int Tokens = 128;

    private static readonly int[] Prompt = [1, 2, 3];

    /// <param name="ReadShare">Bytes of weights read for a token, times tokens per second, of the bandwidth.</param>
    /// <param name="SameIds">How many of the answer's ids are the peer's, counted to the first that differs.</param>
    private sealed record Result(string Shape, double TokensPerSecond, double PeerTokensPerSecond, double TimesPeer, double ReadShare, double Bandwidth, int SameIds);

    public static int Run(string[] arguments)
    {
        if (Places.Shared("peers/torch_trainer.py") is not { } peer)
        {
            return 1;
        }

        var bandwidth = ReadBandwidth.Measure();
        var results = new List<Result>();
        var speeds = new List<GenerateSpeeds>();
        foreach (var shape in TrainShape.All.Where(shape => arguments.Length == 0 || arguments.Contains(shape.Name)))
        {
            var folder = Directory.CreateTempSubdirectory("workbench-bench-generate-");
            try
            {
                results.Add(Compare(shape, peer, folder.FullName, bandwidth));
                foreach (var held in new[] { HeldWeights.Float32, HeldWeights.BFloat16 })
                {
                    speeds.Add(GenerateSpeeds.Measure(shape.Name, Path.Combine(folder.FullName, "model"), held, bandwidth));
                    Console.WriteLine(speeds[^1]);
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        Results.Write("generate.json", new { PeersBeside = results, Speeds = speeds });
        return results.Count > 0 ? 0 : 1;
    }

    private static Result Compare(TrainShape shape, string peer, string folder, double bandwidth)
    {
        var (model, prompts) = (Path.Combine(folder, "model"), Path.Combine(folder, "prompts.jsonl"));
        MeasuredProcess.Run("/usr/bin/python3", peer, "init", "--model", model, "--shape", shape.Name);
        var theirs = MeasuredProcess.Run("/usr/bin/python3", peer, "generate", "--model", model, "--ids", string.Join(',', Prompt), "--max-new", $"{Tokens}").Lines[^1];

        // The first answer loads and warms; the best of the others counts.
        var line = JsonSerializer.Serialize(new { prompt_ids = Prompt, max_tokens = Tokens });
        File.WriteAllLines(prompts, Enumerable.Repeat(line, 4));
        var workbench = Path.Combine(Places.Root, "artifacts", "app", "workbench");
        var ours = MeasuredProcess.Run("/bin/bash", "-c", "exec \"$0\" generate --model \"$1\" < \"$2\"", workbench, model, prompts).Lines;
        var best = ours.Skip(1).Max(answer => answer.GetProperty("tokens_per_s").GetDouble());
        var ids = ours[^1].GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());
        var theirIds = theirs.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());
        var theirSpeed = theirs.GetProperty("tokens_per_s").GetDouble();
        var bytes = new FileInfo(Path.Combine(model, "model.safetensors")).Length;
        var result = new Result(
            shape.Name, best, theirSpeed, best / theirSpeed, bytes * best / bandwidth, bandwidth, ids.Zip(theirIds).TakeWhile(pair => pair.First == pair.Second).Count());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{shape.Name,-13} {best,5:F0} tokens/s, PyTorch {theirSpeed,4:F0}: {result.TimesPeer,4:F1} times; {result.ReadShare:P0} of the read bandwidth ({bandwidth / 1e9:F1} GB/s); the first {result.SameIds} of {Tokens} ids agree"));
        return result;
    }
}
