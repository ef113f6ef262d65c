namespace Workbench.Torch.Kernels;

/// <summary>In what form a <see cref="DecodeStep"/> keeps a model's matrices. bfloat16 is half the bytes to read for each token.</summary>
public enum HeldWeights
{
    /// <summary>A copy, laid out for reading.</summary>
    Float32,

    /// <summary>A copy in bfloat16 of each matrix that loses nothing by it, as those of a model published in bfloat16.</summary>
    BFloat16WhereExact,

    /// <summary>A copy rounded to bfloat16, as is what it is multiplied with; sums are float32. So PyTorch multiplies in bfloat16.</summary>
    BFloat16,
}
