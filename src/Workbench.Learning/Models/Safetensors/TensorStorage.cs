using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Safetensors;

/// <summary>Between the bytes of safetensors files and libtorch's tensors.</summary>
public static class TensorStorage
{
    // TorchSharp hands out the bytes of a tensor as a span, which ends at 2 GB; larger tensors go in pieces.
    private const long PieceBytes = 1L << 28;

    /// <summary>Reads a tensor onto a device, in <paramref name="type"/> or, without it, as it is on disk.</summary>
    /// <remarks>The bytes go from the mapped file into the tensor; only a change of type makes a second copy, of this tensor alone.</remarks>
    public static Tensor Read(SafetensorsFile file, TensorEntry entry, Device device, ScalarType? type = null)
    {
        using var scope = NewDisposeScope();
        var result = empty([.. entry.Shape], dtype: ToScalarType(entry.Type));
        using (var stream = file.OpenTensor(entry))
        {
            foreach (var piece in Pieces(result))
            {
                stream.ReadExactly(piece.bytes);
            }
        }

        return result.to_type(type ?? result.dtype).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>Describes a tensor for <see cref="SafetensorsWriter"/>, in <paramref name="type"/> or, without it, in its own.</summary>
    public static TensorSource Source(string name, Tensor value, ScalarType? type = null) =>
        new(name, FromScalarType(type ?? value.dtype), value.shape, stream =>
        {
            using var off = no_grad();
            using var scope = NewDisposeScope();
            foreach (var piece in Pieces(value.detach().to_type(type ?? value.dtype).cpu().contiguous()))
            {
                stream.Write(piece.bytes);
            }
        });

    private static IEnumerable<Tensor> Pieces(Tensor contiguous)
    {
        var flat = contiguous.view(-1);
        var count = flat.shape[0];
        var perPiece = PieceBytes / contiguous.element_size();
        for (long start = 0; start < count; start += perPiece)
        {
            yield return flat.narrow(0, start, Math.Min(perPiece, count - start));
        }
    }

    private static ScalarType ToScalarType(TensorType type) => type switch
    {
        TensorType.BOOL => ScalarType.Bool,
        TensorType.U8 => ScalarType.Byte,
        TensorType.I8 => ScalarType.Int8,
        TensorType.I16 => ScalarType.Int16,
        TensorType.I32 => ScalarType.Int32,
        TensorType.I64 => ScalarType.Int64,
        TensorType.F16 => ScalarType.Float16,
        TensorType.BF16 => ScalarType.BFloat16,
        TensorType.F32 => ScalarType.Float32,
        _ => ScalarType.Float64,
    };

    private static TensorType FromScalarType(ScalarType type) => type switch
    {
        ScalarType.Bool => TensorType.BOOL,
        ScalarType.Byte => TensorType.U8,
        ScalarType.Int8 => TensorType.I8,
        ScalarType.Int16 => TensorType.I16,
        ScalarType.Int32 => TensorType.I32,
        ScalarType.Int64 => TensorType.I64,
        ScalarType.Float16 => TensorType.F16,
        ScalarType.BFloat16 => TensorType.BF16,
        ScalarType.Float32 => TensorType.F32,
        ScalarType.Float64 => TensorType.F64,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "safetensors has no such type"),
    };
}
