using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>
/// The log-probability that the last linear layer gives each row's target, chunk by chunk, for losses that are not a plain sum of
/// them (preference training). The full logits never exist: backward makes a chunk's logits once more.
/// </summary>
public static partial class LinearLogProbabilities
{
    /// <param name="hidden">(N, D)</param>
    /// <param name="weight">(V, D)</param>
    /// <param name="targets">(N), int64, each in [0, V)</param>
    /// <param name="bfloat16">Rounds the factors of the products, as <see cref="LinearProduct"/> does.</param>
    /// <returns>(N), differentiable once</returns>
    public static Tensor Apply(Tensor hidden, Tensor weight, Tensor targets, bool bfloat16 = false)
    {
        Tensor? result = null;
        TryNative(hidden, weight, targets, bfloat16, ref result);
        return result ?? Composition(hidden, weight, targets, bfloat16);
    }

    /// <summary>The same in TorchSharp's calls, with the full logits.</summary>
    public static Tensor Composition(Tensor hidden, Tensor weight, Tensor targets, bool bfloat16 = false)
    {
        using var scope = NewDisposeScope();
        var logps = nn.functional.log_softmax(LinearProduct.Composition(hidden, weight, bfloat16: bfloat16), -1); // (N, V)
        return logps.gather(1, targets.unsqueeze(1)).squeeze(1).MoveToOuterDisposeScope();
    }

    static partial void TryNative(Tensor hidden, Tensor weight, Tensor targets, bool bfloat16, ref Tensor? result);
}
