using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>Keys and values of the positions that were computed already, for one batch of sequences of equal length.</summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys; // a layer each: (B, kvHeads, capacity, D)
    private readonly Tensor[] _values;

    public KeyValueCache(DecoderConfig config, long batch, long capacity, Device device)
    {
        Capacity = capacity;
        Tensor[] Allocate() =>
        [
            .. Enumerable.Range(0, config.NumHiddenLayers).Select(_ =>
                empty([batch, config.NumKeyValueHeads, capacity, config.HeadDim], dtype: ScalarType.Float32, device: device)
                    .DetachFromDisposeScope()),
        ];
        _keys = Allocate();
        _values = Allocate();
    }

    /// <summary>Positions that fit.</summary>
    public long Capacity { get; }

    /// <summary>Positions that are filled; the next token has this position.</summary>
    public long Length { get; private set; }

    /// <summary>Writes the new positions of a layer behind the old ones and returns all so far, each (B, kvHeads, S, D).</summary>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        var count = keys.shape[2];
        using (var place = _keys[layer].narrow(2, Length, count))
        {
            place.copy_(keys);
        }

        using (var place = _values[layer].narrow(2, Length, count))
        {
            place.copy_(values);
        }

        return (_keys[layer].narrow(2, 0, Length + count), _values[layer].narrow(2, 0, Length + count));
    }

    /// <summary>Keys of each layer, (B, kvHeads, capacity, D).</summary>
    internal IReadOnlyList<Tensor> Keys => _keys;

    /// <summary>As <see cref="Keys"/>.</summary>
    internal IReadOnlyList<Tensor> Values => _values;

    /// <summary>Makes this cache begin as another does, in place of what it held.</summary>
    /// <param name="other">Of the same model.</param>
    /// <param name="positions">At most what the other holds and this one has room for.</param>
    public void CopyFrom(KeyValueCache other, long positions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(positions, Math.Min(other.Length, Capacity));
        using var off = no_grad();
        foreach (var (from, to) in other._keys.Zip(_keys).Concat(other._values.Zip(_values)))
        {
            using var read = from.narrow(2, 0, positions);
            using var written = to.narrow(2, 0, positions);
            written.copy_(read);
        }

        Length = positions;
    }

    /// <summary>Counts positions as filled, once every layer has written them.</summary>
    internal void Advance(long count) => Length += count;

    /// <summary>Forgets every position, keeping the memory.</summary>
    public void Clear() => Length = 0;

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor.Dispose();
        }
    }
}
