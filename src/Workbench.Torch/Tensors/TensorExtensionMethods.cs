namespace TorchSharp;

/// <summary>Tensors to streams and back, element type and shape included, and small conveniences.</summary>
public static class TensorExtensionMethods
{
    /// <summary>Writes element type, shape and elements, in the machine's byte order.</summary>
    public static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        using var onCpu = tensor.cpu().DetachFromDisposeScope();
        using var plain = onCpu.contiguous().DetachFromDisposeScope();
        writer.Write7BitEncodedInt((int)plain.dtype);
        writer.Write7BitEncodedInt64(plain.Dimensions);
        foreach (var size in plain.shape)
        {
            writer.Write7BitEncodedInt64(size);
        }

        writer.Flush();
        foreach (var bytes in plain.Pieces())
        {
            bytes.CopyTo(writer.BaseStream);
        }
    }

    /// <summary>Fills the tensor with what <see cref="Save"/> wrote; type and shape must be its own.</summary>
    public static void Load(this torch.Tensor tensor, BinaryReader reader)
    {
        var type = (torch.ScalarType)reader.Read7BitEncodedInt();
        var shape = new long[reader.Read7BitEncodedInt64()];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = reader.Read7BitEncodedInt64();
        }

        if (type != tensor.dtype || !shape.AsSpan().SequenceEqual(tensor.shape))
        {
            var (theirs, own) = (string.Join(", ", shape), string.Join(", ", tensor.shape));
            throw new ArgumentException(
                $"Mismatched tensor while loading: {type} [{theirs}] in the stream, {tensor.dtype} [{own}] here.");
        }

        using var withoutGradients = torch.no_grad();
        using var plain = torch.empty(shape, type).DetachFromDisposeScope();
        foreach (var bytes in plain.Pieces())
        {
            bytes.FillFrom(reader.BaseStream);
        }

        tensor.copy_(plain);
    }

    /// <summary>Whether <paramref name="type"/> is an integer type or the truth value.</summary>
    public static bool IsIntegral(this torch.ScalarType type) => torch.is_integral(type);

    public static bool IsFloatingPoint(this torch.ScalarType type) => torch.is_floating_point(type);

    public static bool IsComplex(this torch.ScalarType type) => torch.is_complex(type);
}
