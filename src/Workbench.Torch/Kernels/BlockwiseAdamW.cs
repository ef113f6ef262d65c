using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>
/// AdamW for one parameter with both averages in 8 bits: blocks of 256 values, each block scaled by its largest magnitude, each
/// value one of 256 steps that are fine near 0 and coarse near 1 (dynamic tree quantisation; Dettmers et al. 2022, "8-bit optimizers
/// via block-wise quantization").
/// </summary>
public sealed partial class BlockwiseAdamW : IDisposable
{
    private const int BlockSize = 256;

    private readonly Tensor _signed;
    private readonly Tensor _unsigned;

    /// <param name="parameter">whose gradient's averages are kept</param>
    public BlockwiseAdamW(Tensor parameter)
    {
        var (count, device) = (parameter.numel(), parameter.device);
        var blocks = (count + BlockSize - 1) / BlockSize;
        var (signed, unsigned) = (DynamicTable(signed: true), DynamicTable(signed: false));
        Tensor Codes(float[] table) =>
            full([count], Array.IndexOf(table, 0f), ScalarType.Byte, device).DetachFromDisposeScope();
        Tensor Largest() => zeros([blocks], ScalarType.Float32, device).DetachFromDisposeScope();
        (FirstCodes, SecondCodes) = (Codes(signed), Codes(unsigned));
        (FirstLargest, SecondLargest) = (Largest(), Largest());
        _signed = tensor(signed, device: device).DetachFromDisposeScope();
        _unsigned = tensor(unsigned, device: device).DetachFromDisposeScope();
    }

    /// <summary>(count), uint8: steps of the first average.</summary>
    public Tensor FirstCodes { get; }

    /// <summary>(blocks), float32: the largest magnitude of each block of the first average.</summary>
    public Tensor FirstLargest { get; }

    /// <summary>(count), uint8: steps of the second average.</summary>
    public Tensor SecondCodes { get; }

    /// <summary>(blocks), float32: the largest value of each block of the second average.</summary>
    public Tensor SecondLargest { get; }

    /// <summary>Changes the parameter and both averages.</summary>
    /// <param name="parameter">the one given at first</param>
    /// <param name="gradient">the same shape</param>
    /// <param name="step">how many steps there were, this one included: 1 at first</param>
    /// <param name="options">rates and betas</param>
    public void Step(Tensor parameter, Tensor gradient, long step, AdamWOptions options)
    {
        var done = false;
        TryNative(parameter, gradient, step, options, ref done);
        if (!done)
        {
            Composition(parameter, gradient, step, options);
        }
    }

    /// <summary>The same in TorchSharp's calls.</summary>
    public void Composition(Tensor parameter, Tensor gradient, long step, AdamWOptions options)
    {
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var m = Decoded(FirstCodes, FirstLargest, _signed).view(parameter.shape);
        var v = Decoded(SecondCodes, SecondLargest, _unsigned).view(parameter.shape);
        FusedAdamW.Composition(parameter, gradient, m, v, step, options);
        Encode(m, FirstCodes, FirstLargest, _signed);
        Encode(v, SecondCodes, SecondLargest, _unsigned);
    }

    /// <summary>
    /// The 256 steps between -1 (or 0) and 1, ascending: seven decades, each with twice as many steps as the one below, in the
    /// middle between evenly spaced bounds; 0 and 1 besides.
    /// </summary>
    public static float[] DynamicTable(bool signed)
    {
        var values = new List<double> { 0, 1 };
        for (var decade = 0; decade < 7; decade++)
        {
            var count = 1 << (signed ? decade : decade + 1);
            var scale = Math.Pow(10, decade - 6);
            for (var i = 0; i < count; i++)
            {
                var middle = scale * (0.1 + (0.9 * (i + 0.5) / count));
                values.Add(middle);
                if (signed)
                {
                    values.Add(-middle);
                }
            }
        }

        return [.. values.Order().Select(value => (float)value)];
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { FirstCodes, FirstLargest, SecondCodes, SecondLargest, _signed, _unsigned })
        {
            tensor.Dispose();
        }
    }

    private static Tensor Decoded(Tensor codes, Tensor largest, Tensor table)
    {
        var scale = largest.repeat_interleave(BlockSize).narrow(0, 0, codes.numel());
        return table.index_select(0, codes.to_type(ScalarType.Int64)) * scale;
    }

    /// <summary>Block by block, because each value is compared with every step.</summary>
    private static void Encode(Tensor values, Tensor codes, Tensor largest, Tensor table)
    {
        var flat = values.reshape(-1);
        for (var start = 0L; start < flat.numel(); start += BlockSize)
        {
            using var scope = NewDisposeScope();
            var block = flat.narrow(0, start, Math.Min(BlockSize, flat.numel() - start));
            var top = block.abs().max();
            largest.narrow(0, start / BlockSize, 1).copy_(top);
            var scaled = block / top.clamp_min(float.Epsilon);
            codes.narrow(0, start, block.numel()).copy_((scaled.unsqueeze(1) - table).abs().argmin(1));
        }
    }

    partial void TryNative(Tensor parameter, Tensor gradient, long step, AdamWOptions options, ref bool done);
}
