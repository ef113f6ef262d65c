using TorchSharp;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Optimizers;

/// <summary>AdamW (Loshchilov and Hutter, 2017), each parameter read and written once (<see cref="FusedAdamW"/>).</summary>
internal sealed class AdamW : IOptimizer
{
    private readonly RunConfig _config;
    private readonly List<(TrainedParameter Of, Tensor ExpAvg, Tensor ExpAvgSq)> _moments;

    public AdamW(IReadOnlyList<TrainedParameter> parameters, RunConfig config)
    {
        _config = config;
        _moments = [.. parameters.Select(of =>
            (of, zeros_like(of.Parameter).DetachFromDisposeScope(), zeros_like(of.Parameter).DetachFromDisposeScope()))];
    }

    public long Steps { get; set; }

    public IEnumerable<(string Name, Tensor Value)> State => _moments.SelectMany(moments => new[]
    {
        ("exp_avg." + moments.Of.Name, moments.ExpAvg), ("exp_avg_sq." + moments.Of.Name, moments.ExpAvgSq),
    });

    public void Step(double learningRate)
    {
        Steps++;
        foreach (var (of, expAvg, expAvgSq) in _moments)
        {
            using var scope = NewDisposeScope();
            if (of.Parameter.grad is { } gradient)
            {
                var options = new AdamWOptions(learningRate, _config.AdamBeta1, _config.AdamBeta2, _config.AdamEpsilon, of.WeightDecay);
                FusedAdamW.Step(of.Parameter, gradient, expAvg, expAvgSq, Steps, options);
            }
        }
    }

    public void Dispose()
    {
        foreach (var (_, expAvg, expAvgSq) in _moments)
        {
            expAvg.Dispose();
            expAvgSq.Dispose();
        }
    }
}
