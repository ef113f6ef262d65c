using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>
/// Rotary position embeddings (Su et al., 2021) in the layout of Hugging Face's checkpoints: the two halves of a head are the
/// two coordinates that are rotated, not neighbouring elements.
/// </summary>
internal sealed class RotaryEmbedding(DecoderConfig config, Device device) : IDisposable
{
    private Tensor? _cos; // (positions so far, D)
    private Tensor? _sin;

    /// <summary>Cosines and sines of <paramref name="count"/> positions from <paramref name="start"/>, each (T, D).</summary>
    public (Tensor Cos, Tensor Sin) At(long start, long count)
    {
        if (_cos is null || _cos.shape[0] < start + count)
        {
            Grow((long)BitOperations.RoundUpToPowerOf2((ulong)(start + count)));
        }

        return (_cos!.narrow(0, start, count), _sin!.narrow(0, start, count));
    }

    private void Grow(long positions)
    {
        Dispose();
        using var scope = NewDisposeScope();
        var inverse = new float[config.HeadDim / 2];
        for (var i = 0; i < inverse.Length; i++)
        {
            inverse[i] = 1 / MathF.Pow((float)config.RopeTheta, 2f * i / config.HeadDim);
        }

        var position = arange(0, positions, 1, dtype: ScalarType.Float32, device: device).unsqueeze(1);
        var angles = position * tensor(inverse, device: device).unsqueeze(0); // (positions, D/2)
        angles = cat(new[] { angles, angles }, -1);
        _cos = angles.cos().DetachFromDisposeScope();
        _sin = angles.sin().DetachFromDisposeScope();
    }

    /// <summary>Turns queries or keys by the angles of their positions.</summary>
    public static Tensor Apply(Tensor x, (Tensor Cos, Tensor Sin) angles) // (B, H, T, D)
    {
        using var scope = NewDisposeScope();
        var half = x.shape[^1] / 2;
        var rotated = cat(new[] { -x.narrow(-1, half, half), x.narrow(-1, 0, half) }, -1);
        return ((x * angles.Cos) + (rotated * angles.Sin)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _cos?.Dispose();
        _sin?.Dispose();
    }
}
