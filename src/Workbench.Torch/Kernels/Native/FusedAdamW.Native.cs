using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public static partial class FusedAdamW
{
    static partial void TryNative(Tensor parameter, Tensor gradient, Tensor expAvg, Tensor expAvgSq, long step,
        AdamWOptions options, ref bool done) =>
        Interop.Native.Check(Interop.Native.wb_adamw_step(parameter.handle, gradient.handle, expAvg.handle, expAvgSq.handle,
            step, options.LearningRate,
            options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay, out done));
}
