using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Web.Jobs;
using Workbench.Web.Starter;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Jobs;

/// <summary>SIGTERM, as a machine that shuts down or a scheduler that takes it back sends it.</summary>
public sealed class SignalTests
{
    [Fact]
    public async Task A_training_that_is_terminated_saves_a_checkpoint_and_goes_on_with_bit_identical_losses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "needs POSIX signals");
        var root = TestFolder.Create();
        try
        {
            var whole = await VerbRun.OfAsync(["train", Config(root, "whole")]);
            Assert.True(whole.Code == 0, whole.Complaints);

            var config = Config(root, "parts");
            using (var process = Process.Start(Start(config))!)
            {
                _ = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
                for (var line = 0; line < 3; line++)
                {
                    Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
                }

                using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
                var rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(0, process.ExitCode);
                var summary = JsonNode.Parse(rest.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
                Assert.Equal("stopped", summary["status"]!.GetValue<string>());
                Assert.True(Directory.Exists(Path.Combine(root, "parts", $"checkpoint-{summary["steps"]}")));
            }

            var resumed = await VerbRun.OfAsync(["train", config]);
            Assert.True(resumed.Code == 0, resumed.Complaints);
            Assert.Equal(Losses(root, "whole"), Losses(root, "parts"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static ProcessStartInfo Start(string config)
    {
        var command = WorkerLauncher.OwnCommand(); // ends with the verb
        return new ProcessStartInfo(command[0], [.. command.Skip(1).SkipLast(1), "train", config]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    /// <summary>An adapter with dropout, so that random state counts, in more steps than are over before the signal comes.</summary>
    private static string Config(string root, string name)
    {
        Assert.SkipUnless(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "libworkbench_torch.so")), "needs the native shim (src/Workbench.Torch/Native/build.sh)");
        File.WriteAllLines(Path.Combine(root, "rows.jsonl"), Enumerable.Range(0, 32).Select(i => $$"""{"text":"The {{i}} cats sing songs of the sea, and {{i * 7}} mice listen."}"""));
        var path = Path.Combine(root, name + ".json");
        File.WriteAllText(path, new JsonObject
        {
            ["model_name_or_path"] = StarterService.ModelSource,
            ["dataset"] = Path.Combine(root, "rows.jsonl"),
            ["output_dir"] = Path.Combine(root, name),
            ["use_peft"] = true,
            ["lora_dropout"] = 0.1,
            ["learning_rate"] = 0.002,
            ["max_steps"] = 150,
            ["logging_steps"] = 1,
            ["save_strategy"] = "no",
            ["per_device_train_batch_size"] = 4,
            ["device"] = "cpu",
        }.ToJsonString());
        return path;
    }

    private static List<string> Losses(string root, string name) =>
    [
        .. File.ReadLines(Path.Combine(root, name, "metrics.jsonl"))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Select(point => $"{point.GetProperty("step")} {point.GetProperty("loss").GetRawText()} {point.GetProperty("grad_norm").GetRawText()}"),
    ];
}
