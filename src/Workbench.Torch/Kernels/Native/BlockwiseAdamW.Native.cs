namespace Workbench.Torch.Kernels;

public sealed partial class BlockwiseAdamW
{
    partial void TryNative(TorchSharp.torch.Tensor parameter, TorchSharp.torch.Tensor gradient, long step, AdamWOptions options, ref bool done) =>
        Interop.Native.Check(Interop.Native.wb_adamw_8bit_step(
            parameter.handle, gradient.handle, FirstCodes.handle, FirstLargest.handle, SecondCodes.handle, SecondLargest.handle,
            _signed.handle, _unsigned.handle, step, options.LearningRate, options.Beta1, options.Beta2, options.Epsilon,
            options.WeightDecay, out done));
}
