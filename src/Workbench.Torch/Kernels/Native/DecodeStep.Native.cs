using Workbench.Torch.Interop;
using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public sealed partial class DecodeStep
{
    private nint _step;
    private long _vocabulary;

    static partial void TryNative(
        DecodeShape shape, IReadOnlyList<DecodeLayer> layers, Tensor embedding, Tensor norm, Tensor head, Tensor cos, Tensor sin, HeldWeights held,
        ref DecodeStep? step)
    {
        Tensor?[] weights = [.. layers.SelectMany(layer => layer.InOrder()), embedding, norm, head];
        if (weights.Any(weight => weight is not null && (weight.dtype != ScalarType.Float32 || weight.device.type != TorchSharp.DeviceType.CPU)))
        {
            return;
        }

        using var handles = new HandleList(weights);
        long[] numbers = [layers.Count, shape.Heads, shape.KeyValueHeads, shape.HeadDim];
        long[] windows = [.. shape.Windows.Select(window => (long)window)];
        Interop.Native.Check(Interop.Native.wb_decode_create(
            numbers, shape.NormEps, windows, handles.Raw, handles.Count, cos.handle, sin.handle, (int)held, out var native));
        step = new DecodeStep { _step = native, _vocabulary = head.shape[0] };
    }

    partial void BindNative(int slot, IReadOnlyList<Tensor> keys, IReadOnlyList<Tensor> values)
    {
        using var k = new HandleList(keys);
        using var v = new HandleList(values);
        Interop.Native.Check(Interop.Native.wb_decode_bind(Alive, slot, k.Raw, v.Raw));
    }

    partial void ReleaseNative(int slot) => Interop.Native.Check(Interop.Native.wb_decode_bind(Alive, slot, null, null));

    partial void RunNative(ReadOnlySpan<long> ids, ReadOnlySpan<long> slots, ReadOnlySpan<long> positions, Span<float> logits, Span<double> totals)
    {
        if (logits.Length < ids.Length * _vocabulary)
        {
            throw new ArgumentException($"There must be room for {ids.Length * _vocabulary} logits.", nameof(logits));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(totals.Length, ids.Length);

        Interop.Native.Check(Interop.Native.wb_decode_run(Alive, ids.Length, ids, slots, positions, logits, totals));
    }

    private nint Alive => _step != 0 ? _step : throw new ObjectDisposedException(nameof(DecodeStep));

    partial void FreeNative()
    {
        if (Interlocked.Exchange(ref _step, 0) is not 0 and var step)
        {
            Interop.Native.wb_decode_free(step);
        }
    }
}
