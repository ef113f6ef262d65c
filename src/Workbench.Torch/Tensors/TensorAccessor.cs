using System.Collections;

namespace TorchSharp.Utils;

/// <summary>
/// The elements of a tensor on the CPU, addressed where they lie. It holds the tensor: the memory stays while the accessor does,
/// unless the tensor is disposed under it.
/// </summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly nint _pointer;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        // An alias of its own, so that the accessor works on when the tensor leaves its scope.
        _tensor = tensor.alias().DetachFromDisposeScope();
        _pointer = _tensor.NumberOfElements == 0 ? 0 : _tensor.DataPointer();
        _shape = _tensor.shape;
        _strides = _tensor.stride();
        _contiguous = _tensor.is_contiguous();
        Count = _tensor.NumberOfElements;
    }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    public bool IsSpanable => _contiguous;

    /// <summary>The element at a place in row-major order.</summary>
    public unsafe T this[params long[] indices]
    {
        get => ((T*)_pointer)[Offset(indices)];
        set => ((T*)_pointer)[Offset(indices)] = value;
    }

    /// <summary>A copy of the elements in row-major order.</summary>
    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(arrayIndex), 0, tensorIndex);

    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = checked((int)(Count - tensorIndex));
        if (_contiguous)
        {
            new ReadOnlySpan<T>((T*)_pointer + tensorIndex, count).CopyTo(array[arrayIndex..]);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            array[arrayIndex + i] = ((T*)_pointer)[Offset(tensorIndex + i)];
        }
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _tensor.Dispose();

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && _shape.Length != 1)
        {
            return Offset(indices[0]);
        }

        if (indices.Length != _shape.Length)
        {
            throw new ArgumentException($"{indices.Length} indices for a tensor of {_shape.Length} dimensions", nameof(indices));
        }

        var offset = 0L;
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= _shape[i])
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"dimension {i} has the size {_shape[i]}");
            }

            offset += indices[i] * _strides[i];
        }

        return offset;
    }

    private long Offset(long flat)
    {
        if (flat < 0 || flat >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(flat), flat, $"the tensor has {Count} elements");
        }

        if (_contiguous)
        {
            return flat;
        }

        var offset = 0L;
        for (var i = _shape.Length - 1; i >= 0; i--)
        {
            offset += flat % _shape[i] * _strides[i];
            flat /= _shape[i];
        }

        return offset;
    }
}
