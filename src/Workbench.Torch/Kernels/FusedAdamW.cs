using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>
/// One step of AdamW (Loshchilov and Hutter 2017) on one parameter, read and written once. The bookkeeping (groups, schedules,
/// the count of steps) stays with the caller.
/// </summary>
public static partial class FusedAdamW
{
    /// <summary>Changes <paramref name="parameter"/> and both averages in place.</summary>
    /// <param name="parameter">any shape</param>
    /// <param name="gradient">the same shape</param>
    /// <param name="expAvg">the running average of the gradient, m in the paper</param>
    /// <param name="expAvgSq">the running average of its square, v in the paper</param>
    /// <param name="step">how many steps there were, this one included: 1 at first</param>
    /// <param name="options">rates and betas</param>
    public static void Step(Tensor parameter, Tensor gradient, Tensor expAvg, Tensor expAvgSq, long step, AdamWOptions options)
    {
        var done = false;
        TryNative(parameter, gradient, expAvg, expAvgSq, step, options, ref done);
        if (!done)
        {
            Composition(parameter, gradient, expAvg, expAvgSq, step, options);
        }
    }

    /// <summary>The same in TorchSharp's calls, in the order of PyTorch's own.</summary>
    public static void Composition(Tensor parameter, Tensor gradient, Tensor expAvg, Tensor expAvgSq, long step,
        AdamWOptions options)
    {
        var (beta1, beta2) = (options.Beta1, options.Beta2);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        parameter.mul_(1 - (options.LearningRate * options.WeightDecay));
        expAvg.mul_(beta1).add_(gradient, 1 - beta1);
        expAvgSq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        var denominator = (expAvgSq.sqrt() / Math.Sqrt(1 - Math.Pow(beta2, step))).add_(options.Epsilon);
        parameter.addcdiv_(expAvg, denominator, -options.LearningRate / (1 - Math.Pow(beta1, step)));
    }

    static partial void TryNative(Tensor parameter, Tensor gradient, Tensor expAvg, Tensor expAvgSq, long step,
        AdamWOptions options, ref bool done);
}

/// <summary>The hyperparameters of a step; the defaults are PyTorch's but for the weight decay, which TRL leaves at 0.</summary>
public sealed record AdamWOptions(double LearningRate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8,
    double WeightDecay = 0);
