using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>Layers and losses. Native/src/nn.cpp holds the other side.</summary>
internal static partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_linear(TensorHandle input, TensorHandle weight, TensorHandle bias, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_embedding(
        TensorHandle weight, TensorHandle indexes, long paddingIdx, [MarshalAs(UnmanagedType.U1)] bool scaleGradByFreq,
        [MarshalAs(UnmanagedType.U1)] bool sparse, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_softmax(TensorHandle self, long dim, int dtype, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_log_softmax(TensorHandle self, long dim, int dtype, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_dropout(
        TensorHandle self, double p, [MarshalAs(UnmanagedType.U1)] bool training, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_layer_norm(
        TensorHandle self, ReadOnlySpan<long> shape, int count, TensorHandle weight, TensorHandle bias, double eps,
        out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_one_hot(TensorHandle self, long classes, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_cross_entropy(
        TensorHandle input, TensorHandle target, TensorHandle weight, long reduction, long ignoreIndex, double labelSmoothing,
        out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_nll_loss(
        TensorHandle input, TensorHandle target, TensorHandle weight, long reduction, long ignoreIndex, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_mse_loss(TensorHandle input, TensorHandle target, long reduction, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_bce_with_logits(
        TensorHandle input, TensorHandle target, TensorHandle weight, TensorHandle posWeight, long reduction, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_scaled_dot_product_attention(
        TensorHandle query, TensorHandle key, TensorHandle value, TensorHandle mask, double p,
        [MarshalAs(UnmanagedType.U1)] bool isCausal, out nint result);
}
