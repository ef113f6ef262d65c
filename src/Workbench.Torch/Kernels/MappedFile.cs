using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>
/// A file whose bytes become tensors without being read first: with the binding, tensors lie on the mapping itself, pages come
/// from the file as they are touched, and what is written stays in memory and never reaches the file (copy on write). With the
/// package, each tensor is a copy. The file must not be cut shorter while it is mapped: the system ends a process that touches
/// what is gone.
/// </summary>
public sealed partial class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;

    private MappedFile(string path)
    {
        Path = path;
        Length = new FileInfo(path).Length;
        if (Length > 0)
        {
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.CopyOnWrite);
            _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.CopyOnWrite);
        }
    }

    public string Path { get; }

    /// <summary>In bytes, as it was when the file was opened.</summary>
    public long Length { get; }

    /// <exception cref="IOException">the file cannot be read</exception>
    public static MappedFile Open(string path) => new(path);

    /// <summary>A copy of some bytes.</summary>
    public byte[] ReadBytes(long offset, int count)
    {
        RequireWithin(offset, count);
        var bytes = new byte[count];
        _view?.ReadArray(offset, bytes, 0, count);
        return bytes;
    }

    /// <summary>The bytes from <paramref name="offset"/> on as a tensor on the CPU; it stays good after the file is
    /// disposed.</summary>
    /// <param name="offset">in bytes</param>
    /// <param name="shape">its product times the element's size must lie within the file</param>
    /// <param name="dtype">how the bytes are to be read (little-endian)</param>
    public Tensor Tensor(long offset, long[] shape, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var bytes = ByteCount(shape, dtype);
        RequireWithin(offset, bytes);
        if (bytes == 0)
        {
            return empty(shape, dtype);
        }

        Tensor? result = null;
        TryNative(_view!.SafeMemoryMappedViewHandle, offset, shape, dtype, ref result);
        return result ?? Copy(_view.SafeMemoryMappedViewHandle, offset, shape, dtype, bytes);
    }

    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }

    private static Tensor Copy(SafeBuffer memory, long offset, long[] shape, ScalarType dtype, long bytes)
    {
        // A span is at most 2 GiB long, so a large tensor is filled in pieces, as bytes.
        using var scope = NewDisposeScope();
        var tensor = empty(shape, dtype);
        const int piece = 1 << 28;
        if (bytes <= int.MaxValue)
        {
            memory.ReadSpan((ulong)offset, tensor.bytes);
            return tensor.MoveToOuterDisposeScope();
        }

        var flat = tensor.view(-1);
        var size = bytes / flat.NumberOfElements;
        for (var start = 0L; start < flat.NumberOfElements; start += piece / size)
        {
            using var step = NewDisposeScope();
            var part = flat.narrow(0, start, Math.Min(piece / size, flat.NumberOfElements - start));
            memory.ReadSpan((ulong)(offset + (start * size)), part.bytes);
        }

        return tensor.MoveToOuterDisposeScope();
    }

    private static long ByteCount(long[] shape, ScalarType dtype)
    {
        var size = dtype switch
        {
            ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
            ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
            ScalarType.Int32 or ScalarType.Float32 => 4,
            ScalarType.ComplexFloat64 => 16,
            _ => 8,
        };
        try
        {
            return shape.Aggregate((long)size, (product, dim) =>
                dim >= 0 ? checked(product * dim) : throw new ArgumentException($"a dimension of {dim}", nameof(shape)));
        }
        catch (OverflowException)
        {
            throw new ArgumentException($"a tensor of shape [{string.Join(", ", shape)}] is larger than any file", nameof(shape));
        }
    }

    private void RequireWithin(long offset, long bytes)
    {
        if (offset < 0 || bytes < 0 || offset > Length - bytes)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"{bytes} bytes from there on lie outside {Path}, which has {Length}; the file is cut short or its header wrong");
        }
    }

    static partial void TryNative(SafeBuffer memory, long offset, long[] shape, ScalarType dtype, ref Tensor? result);
}
