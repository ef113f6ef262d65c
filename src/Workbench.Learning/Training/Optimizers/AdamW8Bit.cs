using TorchSharp;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Optimizers;

/// <summary>
/// AdamW with moments of 8 bits (<see cref="BlockwiseAdamW"/>). As with bitsandbytes under transformers' Trainer, embeddings and
/// parameters of fewer than 4096 values keep moments of 32 bits.
/// </summary>
internal sealed class AdamW8Bit : IOptimizer
{
    private const long SmallestQuantized = 4096;

    private readonly RunConfig _config;
    private readonly AdamW _exact;
    private readonly List<(TrainedParameter Of, BlockwiseAdamW Moments)> _quantized;

    public AdamW8Bit(IReadOnlyList<TrainedParameter> parameters, RunConfig config)
    {
        _config = config;
        static bool Quantized(TrainedParameter of) =>
            of.Parameter.numel() >= SmallestQuantized && !of.Name.Contains("embed_tokens", StringComparison.Ordinal);
        _exact = new AdamW([.. parameters.Where(of => !Quantized(of))], config);
        _quantized = [.. parameters.Where(Quantized).Select(of => (of, new BlockwiseAdamW(of.Parameter)))];
    }

    public long Steps
    {
        get => _exact.Steps;
        set => _exact.Steps = value;
    }

    public IEnumerable<(string Name, Tensor Value)> State => _exact.State.Concat(_quantized.SelectMany(entry => new[]
    {
        ("state1." + entry.Of.Name, entry.Moments.FirstCodes), ("absmax1." + entry.Of.Name, entry.Moments.FirstLargest),
        ("state2." + entry.Of.Name, entry.Moments.SecondCodes), ("absmax2." + entry.Of.Name, entry.Moments.SecondLargest),
    }));

    public void Step(double learningRate)
    {
        _exact.Step(learningRate);
        foreach (var (of, moments) in _quantized)
        {
            using var scope = NewDisposeScope();
            if (of.Parameter.grad is { } gradient)
            {
                var options = new AdamWOptions(learningRate, _config.AdamBeta1, _config.AdamBeta2, _config.AdamEpsilon, of.WeightDecay);
                moments.Step(of.Parameter, gradient, Steps, options);
            }
        }
    }

    public void Dispose()
    {
        _exact.Dispose();
        foreach (var (_, moments) in _quantized)
        {
            moments.Dispose();
        }
    }
}
