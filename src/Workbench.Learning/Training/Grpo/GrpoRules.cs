using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Models;

namespace Workbench.Learning.Training.Grpo;

/// <summary>What the options of GRPO must satisfy, and what its rewards are.</summary>
internal static class GrpoRules
{
    public static IEnumerable<RunConfigProblem> Check(RunConfig c)
    {
        if (c.Method != "grpo")
        {
            if (c.RewardFuncs is not null)
            {
                yield return new("reward_funcs", $"reward_funcs has a meaning only with method grpo: leave it out with method {c.Method}.");
            }

            yield break;
        }

        if (c.RewardFuncs is not { Count: > 0 })
        {
            yield return new("reward_funcs", $"reward_funcs is missing: name what judges the answers, some of {string.Join(", ", RewardSet.Known)}.");
        }
        else if (RewardProblem(c) is { } problem)
        {
            yield return new("reward_funcs", "reward_funcs: " + problem);
        }

        if (c.NumGenerations is not (>= 2 and <= 1024))
        {
            yield return new("num_generations", $"num_generations must be from 2 to 1024 (8 is usual), not {c.NumGenerations}: answers are compared within their group.");
        }
        else if (c.PerDeviceTrainBatchSize * (long)c.GradientAccumulationSteps % c.NumGenerations != 0)
        {
            yield return new("num_generations",
                $"num_generations ({c.NumGenerations}) must divide per_device_train_batch_size times gradient_accumulation_steps "
                + $"({c.PerDeviceTrainBatchSize * (long)c.GradientAccumulationSteps}), which count answers.");
        }

        if (c.MaxCompletionLength is not (>= 1 and <= 1_000_000))
        {
            yield return new("max_completion_length", $"max_completion_length must be from 1 to 1000000, not {c.MaxCompletionLength}.");
        }

        if (c.NumIterations is not (>= 1 and <= 1000))
        {
            yield return new("num_iterations", $"num_iterations must be from 1 to 1000 (1 is usual), not {c.NumIterations}.");
        }

        if (c.Epsilon is not (> 0 and < 1))
        {
            yield return new("epsilon", $"epsilon must be above 0 and below 1 (0.2 is usual), not {c.Epsilon}.");
        }

        if (c.EpsilonHigh is { } high && high is not (> 0 and <= 100))
        {
            yield return new("epsilon_high", $"epsilon_high must be above 0 and at most 100 (0.28 is usual), not {high}.");
        }

        if (c.Temperature is not (> 0 and <= 100))
        {
            yield return new("temperature", $"temperature must be above 0 and at most 100 (1 is usual), not {c.Temperature}.");
        }

        if (c.TopP is not (> 0 and <= 1))
        {
            yield return new("top_p", $"top_p must be above 0 and at most 1, not {c.TopP}.");
        }

        if (c.TopK < 0)
        {
            yield return new("top_k", $"top_k must be at least 0 (0 keeps all), not {c.TopK}.");
        }

        if (c.EvalDataset is not null)
        {
            yield return new("eval_dataset", "eval_dataset is not available yet with method grpo, whose rewards show how it fares: leave it out.");
        }

        if (c.LoraModulesToSave is { Count: > 0 })
        {
            yield return new("lora_modules_to_save", "lora_modules_to_save is not available yet with method grpo: leave it out.");
        }
    }

    /// <summary><c>reward_funcs</c> with their <c>reward_kwargs</c>.</summary>
    /// <exception cref="RewardException">A name or parameter is wrong.</exception>
    public static RewardSet Rewards(RunConfig c)
    {
        var rewards = new JsonArray();
        foreach (var name in c.RewardFuncs ?? [])
        {
            var reward = c.RewardKwargs is { } all && all.TryGetValue(name, out var own) && own.ValueKind == JsonValueKind.Object ? JsonObject.Create(own)! : [];
            reward["reward"] = name;
            rewards.Add(reward);
        }

        return RewardSet.Parse(new JsonObject { ["rewards"] = rewards }.ToJsonString());
    }

    /// <summary>Whether the rewards find in a row what they compare answers with, so that a missing column is known before the first step.</summary>
    /// <exception cref="RewardException">A name or parameter is wrong.</exception>
    public static Func<Row, string?> RowCheck(RunConfig c)
    {
        // Programs are not run for it, nor models asked: that takes seconds a row.
        IReward[] cheap = [.. Rewards(c).Rewards.Where(reward => reward is not (UnitTestReward or IModelReward))];
        var judge = cheap.Length == 0 ? null : new RewardSet { Rewards = cheap }.Prepare();
        return row =>
        {
            try
            {
                judge?.Invoke(new RewardInput(row, ""));
                return null;
            }
            catch (RewardException error)
            {
                return error.Message;
            }
        };
    }

    private static string? RewardProblem(RunConfig c)
    {
        try
        {
            var rewards = Rewards(c);
            rewards.Prepare();
            if (rewards.Rewards.OfType<JudgeReward>().Any())
            {
                return "reward_funcs: a judge that grades answers one by one would hold up every step. Use it to make a dataset of candidates, or train with reward_model.";
            }

            return c.RewardKwargs?.Keys.FirstOrDefault(name => !c.RewardFuncs!.Contains(name)) is { } unused
                ? $"reward_kwargs has options for {unused}, which is not among reward_funcs."
                : null;
        }
        catch (RewardException error)
        {
            return error.Message;
        }
    }
}
