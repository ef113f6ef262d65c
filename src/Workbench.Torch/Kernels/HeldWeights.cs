namespace Workbench.Torch.Kernels;

/// <summary>In what form a <see cref="DecodeStep"/> keeps a model's matrices. bfloat16 is half the bytes to read for each token.</summary>
public enum HeldWeights
{
    /// <summary>The model's own memory.</summary>
    Float32,

    /// <summary>A copy in bfloat16 of each matrix that loses nothing by it, as those of a model published in bfloat16; sums may differ in their last bit.</summary>
    BFloat16WhereExact,

    /// <summary>A copy rounded to bfloat16.</summary>
    BFloat16,
}
