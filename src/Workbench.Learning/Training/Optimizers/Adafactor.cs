using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Optimizers;

/// <summary>
/// Adafactor (Shazeer and Stern, 2018) as transformers' Trainer uses it: with the run's learning rate (scale_parameter,
/// relative_step and warmup_init off), no first moment, updates clipped at a root mean square of 1. The second moment of a
/// matrix is kept as the means of its rows and columns, so that it takes next to no memory.
/// </summary>
internal sealed class Adafactor : IOptimizer
{
    private const double Epsilon = 1e-30;
    private const double ClipThreshold = 1.0;
    private const double DecayRate = -0.8;

    private readonly List<(TrainedParameter Of, Tensor Rows, Tensor? Columns)> _moments;

    public Adafactor(IReadOnlyList<TrainedParameter> parameters) => _moments = [.. parameters.Select(of =>
    {
        var shape = of.Parameter.shape;
        Tensor Zeros(params long[] size) => zeros(size, of.Parameter.dtype, of.Parameter.device).DetachFromDisposeScope();
        return shape.Length == 2 ? (of, Zeros(shape[0]), Zeros(shape[1])) : (of, Zeros(shape), (Tensor?)null);
    })];

    public long Steps { get; set; }

    public IEnumerable<(string Name, Tensor Value)> State => _moments.SelectMany(moments => moments.Columns is { } columns
        ? new[] { ("exp_avg_sq_row." + moments.Of.Name, moments.Rows), ("exp_avg_sq_col." + moments.Of.Name, columns) }
        : [("exp_avg_sq." + moments.Of.Name, moments.Rows)]);

    public void Step(double learningRate)
    {
        Steps++;
        using var off = no_grad();
        var decay = 1 - Math.Pow(Steps, DecayRate);
        foreach (var (of, rows, columns) in _moments)
        {
            using var scope = NewDisposeScope();
            if (of.Parameter.grad is not { } gradient)
            {
                continue;
            }

            var square = (gradient * gradient).add_(Epsilon);
            Tensor update;
            if (columns is not null)
            {
                rows.mul_(decay).add_(square.mean([1]), 1 - decay);
                columns.mul_(decay).add_(square.mean([0]), 1 - decay);
                var (r, c) = ((rows / rows.mean()).rsqrt().unsqueeze(1), columns.rsqrt().unsqueeze(0));
                update = r * c * gradient;
            }
            else
            {
                rows.mul_(decay).add_(square, 1 - decay);
                update = rows.rsqrt() * gradient;
            }

            var rms = (update * update).mean().sqrt().item<float>();
            update.mul_(learningRate / Math.Max(1, rms / ClipThreshold));
            of.Parameter.mul_(1 - (of.WeightDecay * learningRate)).sub_(update);
        }
    }

    public void Dispose()
    {
        foreach (var (_, rows, columns) in _moments)
        {
            rows.Dispose();
            columns?.Dispose();
        }
    }
}
