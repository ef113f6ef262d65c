using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Losses;

/// <summary>
/// NEFTune (Jain et al., 2023): uniform noise of size <c>alpha / sqrt(T C)</c> on the embeddings while training. Drawn on the CPU
/// from the run's own generator, whose state is in every checkpoint: a resumed run draws what it would have drawn.
/// </summary>
/// <param name="Alpha">The paper's alpha; 5 is usual.</param>
/// <param name="Generator">On the CPU.</param>
public sealed record NeftuneNoise(double Alpha, Generator Generator)
{
    /// <summary>(B, T, C) embeddings to the same with noise.</summary>
    public Tensor Apply(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var size = Alpha / Math.Sqrt((double)embeddings.shape[1] * embeddings.shape[2]);
        var noise = empty(embeddings.shape, embeddings.dtype).uniform_(-size, size, Generator);
        return (embeddings + noise.to(embeddings.device)).MoveToOuterDisposeScope();
    }
}
