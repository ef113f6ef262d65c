namespace Workbench.Torch.Kernels;

public sealed partial class KeptMemory
{
    static partial void TryKeep(bool keep) => Interop.Native.Check(Interop.Native.wb_keep_memory(keep));
}
