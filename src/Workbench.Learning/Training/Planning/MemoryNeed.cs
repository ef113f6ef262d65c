using System.Globalization;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Decoder;

namespace Workbench.Learning.Training.Planning;

/// <summary>Whether what a run must hold from its first step to its last fits the machine: asked before anything is loaded.</summary>
internal static class MemoryNeed
{
    /// <summary>Weights, gradients, the optimizer's moments and a reference model, in bytes; activations come on top.</summary>
    public static double StateBytes(DecoderConfig model, RunConfig config)
    {
        double weights = 4.0 * model.ParameterCount, adapter = config.UsePeft ? RunEstimator.AdapterParameters(model, config) : 0;
        var trained = config.UsePeft ? adapter : model.ParameterCount;
        var reference = RunEstimator.NeedsReference(config) && !config.UsePeft ? weights : 0;
        return weights + (4.0 * adapter) + (trained * (4.0 + MomentBytes(config.Optim))) + reference;
    }

    /// <summary>Bytes that the optimizer keeps for a parameter.</summary>
    public static double MomentBytes(string optim) => optim switch { "adamw_8bit" => 2.1, "adafactor" => 0.1, _ => 8.0 };

    /// <exception cref="TrainingException">It cannot fit; with both figures and what to lower.</exception>
    public static void Require(RunConfig config)
    {
        if (Read(config) is { } model && Problem(model, config, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) is { } problem)
        {
            throw new TrainingException(problem);
        }
    }

    internal static string? Problem(DecoderConfig model, RunConfig config, double available) =>
        StateBytes(model, config) is var needed && needed <= available ? null
            : $"The run needs at least {Gigabytes(needed)} for weights, gradients and the optimizer, and this machine has {Gigabytes(available)} in all: {Remedy(config)}";

    /// <summary>What happened, and what the run holds beside the activations, which are what can be lowered.</summary>
    public static string Explain(RunConfig config)
    {
        var state = Read(config) is { } model
            ? $"Weights, gradients and the optimizer take {Gigabytes(StateBytes(model, config))} of this machine's {Gigabytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)}, the rows of a step the rest. "
            : "";
        return $"Memory ran out. {state}Lower per_device_train_batch_size ({config.PerDeviceTrainBatchSize}), raising gradient_accumulation_steps by the same "
            + $"factor to keep the result, or lower max_length ({config.MaxLength}); {Remedy(config)}";
    }

    private static string Remedy(RunConfig config)
    {
        string[] steps =
        [
            .. config.UsePeft ? Array.Empty<string>() : ["train an adapter (use_peft)"],
            .. config.Optim is "adamw_8bit" or "adafactor" ? Array.Empty<string>() : ["set optim to adamw_8bit or adafactor"],
            .. config.GradientCheckpointing ? Array.Empty<string>() : ["set gradient_checkpointing"],
            "or take a smaller model",
        ];
        return string.Join(", ", steps) + ".";
    }

    /// <summary>The model's shape; null where it cannot be read, which loading it will say better.</summary>
    private static DecoderConfig? Read(RunConfig config)
    {
        try
        {
            return DecoderConfigReader.Read(config.ModelNameOrPath);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static string Gigabytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB");
}
