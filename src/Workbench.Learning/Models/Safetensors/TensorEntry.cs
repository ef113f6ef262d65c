namespace Workbench.Learning.Models.Safetensors;

/// <summary>Where a tensor lies in a safetensors file.</summary>
/// <param name="Name">Name of the tensor, unique in its file.</param>
/// <param name="Type">Element type on disk.</param>
/// <param name="Shape">Dimensions; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Number of bytes: the product of <paramref name="Shape"/> times the element size.</param>
public sealed record TensorEntry(string Name, TensorType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>Number of elements.</summary>
    public long Count => Length / Type.Size();
}
