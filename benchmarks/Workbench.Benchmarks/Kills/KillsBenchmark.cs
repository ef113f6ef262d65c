using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Benchmarks.Kills;

/// <summary>
/// Kills trainings with SIGKILL at random moments, starts them again until the given number of kills is spent, and compares every
/// logged value and the finished weights with those of a run that nobody killed: they must be the same to the last bit.
/// </summary>
internal static class KillsBenchmark
{
    /// <summary>Figures of one method.</summary>
    /// <param name="Method">SFT or DPO.</param>
    /// <param name="Kills">How often its process was killed.</param>
    /// <param name="Resumptions">How many of the starts found a checkpoint.</param>
    /// <param name="PointsCompared">Logged points compared, those trained twice counted twice.</param>
    /// <param name="Differences">Points that differ, and one more where the weights do.</param>
    public sealed record Figures(string Method, int Kills, int Resumptions, int PointsCompared, int Differences);

    public static int Run(string[] arguments)
    {
        var kills = arguments is [var text, ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 50;
        var folder = Directory.CreateTempSubdirectory("workbench-kills-").FullName;
        try
        {
            var world = KillsWorld.Write(folder);
            var random = new Random(17);
            var methods = KillsWorld.Configurations(world).ToList();
            var figures = methods.Select((config, i) =>
                Measure(folder, config, (kills / methods.Count) + (i < kills % methods.Count ? 1 : 0), random)).ToList();
            foreach (var row in figures)
            {
                Console.WriteLine($"{row.Method,-12} {row.Kills,3} kills, {row.Resumptions,3} resumptions, {row.PointsCompared,5} points compared, {row.Differences} differences");
            }

            Results.Write("kills.json", figures);
            return figures.Sum(row => row.Differences) == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Figures Measure(string folder, JsonObject config, int kills, Random random)
    {
        var name = config["run_name"]!.GetValue<string>();
        var whole = KilledRun.Write(folder, name + "-whole", config);
        var clock = Stopwatch.StartNew();
        Finish(whole);
        var duration = clock.Elapsed;

        var (killed, compared, differences, resumptions) = (0, 0, 0, 0);
        for (var round = 0; killed < kills; round++)
        {
            var run = KilledRun.Write(folder, $"{name}-{round}", config);
            while (killed < kills && run.Status != "completed")
            {
                using var process = run.Start();
                if (!process.WaitForExit(TimeSpan.FromSeconds(random.NextDouble() * duration.TotalSeconds)))
                {
                    process.Kill();
                    process.WaitForExit();
                    killed++;
                }
                else if (process.ExitCode != 0)
                {
                    throw new InvalidOperationException($"the training failed instead of going on: {run.Complaint}");
                }

                resumptions += Directory.Exists(Path.Combine(folder, $"{name}-{round}"))
                    && Directory.EnumerateDirectories(Path.Combine(folder, $"{name}-{round}"), "checkpoint-*").Any() ? 1 : 0;
            }

            Finish(run);
            var expected = whole.Curve();
            foreach (var step in run.Curve())
            {
                compared += step.Count();
                differences += step.Count(value => !expected[step.Key].Contains(value));
            }

            differences += expected.Count(step => !run.Curve().Contains(step.Key));
            differences += whole.Weights().AsSpan().SequenceEqual(run.Weights()) ? 0 : 1;
        }

        return new Figures(name, killed, resumptions, compared, differences);
    }

    private static void Finish(KilledRun run)
    {
        if (run.Status == "completed")
        {
            return;
        }

        using var process = run.Start();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the training failed: {run.Complaint}");
        }
    }
}
