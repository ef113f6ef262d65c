namespace Workbench.Torch.Kernels;

public sealed partial record KernelTimes
{
    static partial void TryRead(Span<double> seconds) => Interop.Native.wb_kernel_seconds(seconds);
}
