using Workbench.Learning.Generation;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Schedules;
using Workbench.Learning.Training.Throughput;

namespace Workbench.Learning.Training.Planning;

/// <summary>
/// Memory, time and disk of a run before it starts. The form of the memory model is the usual one (weights, gradients, moments, activations
/// by token and layer; Korthikanti et al. 2022, "Reducing Activation Recomputation", section 4); its constants were fitted to the peaks of
/// runs of 0.7 to 100 million parameters with SFT, LoRA, DPO, checkpointing and both optimizers.
/// </summary>
public sealed class RunEstimator(DecoderConfig model, RunConfig config, RowLengths lengths)
{
    /// <summary>The runtime with libtorch, before there is a model.</summary>
    private const double ProcessBytes = 340e6;

    /// <summary>Floats that the backward pass keeps for a token and layer, in widths of the residual stream.</summary>
    private const double KeptWidths = 22, KeptWidthsWithAdapter = 26, KeptWidthsCheckpointing = 7;

    /// <summary>Seconds until the first step of a small model: process, libtorch, tokenizer.</summary>
    private const double StartSeconds = 2;

    /// <summary>Sampling of a token beside training it: the starter's model, 32 answers of 20 tokens a step on two cores, reaches an MFU of 0.49 where SFT reaches 0.80.</summary>
    private const double SamplingShare = 0.6;

    /// <summary>A line of metrics.jsonl.</summary>
    private const double BytesPerPoint = 300;

    private readonly TrainingPlan _plan = TrainingPlan.Create(config, lengths.Rows);
    private readonly long _adapter = config.UsePeft ? AdapterParameters(model, config) : 0;

    /// <summary>Parameters that are trained.</summary>
    public long Trainable => config.UsePeft ? _adapter : model.ParameterCount;

    /// <summary>The estimate.</summary>
    /// <param name="operationsPerSecond">What the machine gets done of this kind of run.</param>
    /// <param name="fromHistory">Whether that was measured by earlier runs.</param>
    public RunEstimate Estimate(double operationsPerSecond, bool fromHistory)
    {
        var rows = config.PerDeviceTrainBatchSize * config.GradientAccumulationSteps; // with grpo these are answers
        var operations = Operations(rows, lengths.Mean);
        return new RunEstimate(
            _plan.TotalSteps, rows * lengths.Mean, operations, MemoryBytes(),
            StartSeconds + (_plan.TotalSteps * operations / operationsPerSecond), DiskBytes(), fromHistory);
    }

    /// <summary>Operations of so many rows.</summary>
    /// <param name="rows">Rows of a step.</param>
    /// <param name="mean">Mean tokens of a row.</param>
    public double Operations(int rows, double mean)
    {
        var flops = ModelFlops.Of(model, _adapter).Training(1, 0); // of a token without attention
        var attention = ModelFlops.Of(model, _adapter).Training(0, rows * lengths.MeanSquare);
        var padding = ComputedTokens(config.PerDeviceTrainBatchSize, mean) / (config.PerDeviceTrainBatchSize * mean);
        // A forward pass is a third of forward and backward together.
        var again = 1 + (config.GradientCheckpointing ? 1.0 / 3 : 0) + ((NeedsReference(config) ? 1.0 / 3 : 0) + Sampling) / Samplings;
        return ((flops * rows * mean * padding) + attention) * again;
    }

    /// <summary>Whether each step asks a reference model.</summary>
    internal static bool NeedsReference(RunConfig config) =>
        config is { Method: "dpo", ReferenceFree: false, PrecomputeRefLogProbs: false } or { Method: "kto" } or { Method: "grpo", Beta: > 0 };

    /// <summary>Whether rows stand one behind another; preferences are padded.</summary>
    private bool PaddingFree => config.Method == "grpo" || (config.PredictsNextToken && (config.PaddingFree || config.Packing));

    /// <summary>Positions that a micro-batch computes.</summary>
    private double ComputedTokens(int rows, double mean) =>
        config is { PredictsNextToken: true, Packing: true } ? rows * (double)config.MaxLength
        : PaddingFree ? rows * mean
        : rows * lengths.Parts * lengths.PaddedTo(rows * lengths.Parts);

    /// <summary>Steps that share what was sampled and what the reference said of it.</summary>
    private int Samplings => config.Method == "grpo" ? config.NumIterations : 1;

    /// <summary>
    /// What sampling an answer takes, in training steps over it. It is a forward pass, a third, but token by token: sixteen answers at a time
    /// read the weights once for sixteen products.
    /// </summary>
    private double Sampling => config.Method == "grpo" ? SamplingShare : 0;

    /// <summary>Keys and values of the answers that are sampled at the same time, and the model with its adapter merged.</summary>
    private double SamplingBytes() => config.Method != "grpo" ? 0
        : (2.0 * 4 * model.NumHiddenLayers * model.NumKeyValueHeads * model.HeadDim * lengths.Longest.Max()
            * Math.Min(AnswerEngine.MaxRows, config.PerDeviceTrainBatchSize * config.GradientAccumulationSteps)) + (config.UsePeft ? 4.0 * model.ParameterCount : 0);

    private double MemoryBytes()
    {
        var kept = config.GradientCheckpointing ? KeptWidthsCheckpointing : config.UsePeft ? KeptWidthsWithAdapter : KeptWidths;
        var perToken = 4.0 * kept * model.NumHiddenLayers * model.HiddenSize;
        return ProcessBytes + MemoryNeed.StateBytes(model, config) + Math.Max(perToken * LargestMicroBatch(), SamplingBytes());
    }

    /// <summary>Positions of the largest micro-batch of the run: of n sums, the largest lies about sqrt(2 ln n) deviations above the mean.</summary>
    private double LargestMicroBatch()
    {
        var rows = config.PerDeviceTrainBatchSize;
        if (config is { PredictsNextToken: true, Packing: true })
        {
            return rows * (double)config.MaxLength;
        }

        if (!PaddingFree)
        {
            return rows * lengths.Parts * (double)lengths.Longest.Max();
        }

        var deviation = Math.Sqrt(lengths.Lengths.Average(length => Math.Pow(length - lengths.Mean, 2)));
        var draws = Math.Max(2.0, _plan.TotalSteps * config.GradientAccumulationSteps);
        return Math.Min(rows * (double)lengths.Lengths.Max(), (rows * lengths.Mean) + (Math.Sqrt(2 * Math.Log(draws) * rows) * deviation));
    }

    private double DiskBytes()
    {
        var saved = 4.0 * Trainable;
        var optimizer = config.SaveOnlyModel ? 0 : Trainable * (MemoryNeed.MomentBytes(config.Optim));
        var checkpoints = config.SaveStrategy switch
        {
            "no" => 0,
            "epoch" => _plan.TotalSteps / Math.Max(1, _plan.StepsPerEpoch),
            _ => _plan.TotalSteps / StepInterval.Resolve(config.SaveSteps, _plan.TotalSteps),
        };
        var points = _plan.TotalSteps / StepInterval.Resolve(config.LoggingSteps, _plan.TotalSteps);
        return saved + (Math.Min(checkpoints, config.SaveTotalLimit ?? int.MaxValue) * (saved + optimizer)) + (points * BytesPerPoint);
    }

    /// <summary>Parameters of a LoRA adapter: rank times the sum of the sides of every matrix that it updates.</summary>
    internal static long AdapterParameters(DecoderConfig model, RunConfig config)
    {
        var targets = config.LoraTargetModules ?? ["q_proj", "v_proj"];
        return model.Weights()
            .Where(weight => weight.Shape.Length == 2 && weight.Name.Contains("_proj.", StringComparison.Ordinal))
            .Where(weight => targets.Contains("all-linear") || targets.Any(target => Updates(target, weight.Name)))
            .Sum(weight => config.LoraR * (weight.Shape[0] + weight.Shape[1]));
    }

    /// <summary>Names as they are; of a regular expression, the names of projections that it spells out.</summary>
    private static bool Updates(string target, string weight) =>
        target.Split('.', '(', ')', '|', '*', '\\', '[', ']').Any(part => part.EndsWith("_proj", StringComparison.Ordinal) && weight.Contains($".{part}.", StringComparison.Ordinal));
}
