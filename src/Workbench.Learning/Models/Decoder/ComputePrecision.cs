namespace Workbench.Learning.Models.Decoder;

/// <summary>What the matrix products of a model are computed in; one object, which all of its layers share.</summary>
internal sealed class ComputePrecision
{
    /// <summary>Factors rounded to bfloat16, sums in float32; else float32 throughout.</summary>
    public bool BFloat16 { get; set; }
}
