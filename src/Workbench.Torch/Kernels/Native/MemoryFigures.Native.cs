namespace Workbench.Torch.Kernels;

public sealed partial record MemoryFigures
{
    static partial void TryCuda(int device, ref CudaMemory? figures)
    {
        Interop.Native.Check(Interop.Native.wb_cuda_memory(device, out var allocated, out var peak, out var reserved,
            out var known));
        figures = known ? new CudaMemory(allocated, peak, reserved) : null;
    }
}
