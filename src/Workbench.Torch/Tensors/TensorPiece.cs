namespace TorchSharp;

/// <summary>A run of a contiguous tensor's bytes that is short enough for a span.</summary>
internal readonly unsafe struct TensorPiece(nint start, int length)
{
    public void CopyTo(Stream stream) => stream.Write(new ReadOnlySpan<byte>((void*)start, length));

    public void FillFrom(Stream stream) => stream.ReadExactly(new Span<byte>((void*)start, length));
}

internal static class TensorPieces
{
    private const int PieceBytes = 1 << 26;

    /// <summary>All bytes of a contiguous tensor on the CPU, however many; the tensor must live while they are used.</summary>
    public static IEnumerable<TensorPiece> Pieces(this torch.Tensor tensor)
    {
        var total = tensor.NumberOfElements * tensor.ElementSize;
        var start = total == 0 ? 0 : tensor.DataPointer();
        for (var done = 0L; done < total; done += PieceBytes)
        {
            yield return new TensorPiece((nint)(start + done), (int)Math.Min(PieceBytes, total - done));
        }
    }
}
