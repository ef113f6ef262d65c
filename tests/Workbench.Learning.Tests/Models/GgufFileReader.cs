using System.Text;

namespace Workbench.Learning.Tests.Models;

/// <summary>A reader of GGUF version 3, written from ggml's docs/gguf.md for these tests alone.</summary>
internal sealed class GgufFileReader
{
    private readonly byte[] _bytes;
    private readonly long _data;

    public GgufFileReader(string path)
    {
        _bytes = File.ReadAllBytes(path);
        using var reader = new BinaryReader(new MemoryStream(_bytes));
        Assert.Equal("GGUF", Encoding.ASCII.GetString(reader.ReadBytes(4)));
        Assert.Equal(3u, reader.ReadUInt32());
        var (tensors, values) = (reader.ReadUInt64(), reader.ReadUInt64());
        for (var i = 0UL; i < values; i++)
        {
            Metadata.Add(Text(reader), Value(reader, reader.ReadUInt32()));
        }

        for (var i = 0UL; i < tensors; i++)
        {
            var name = Text(reader);
            var shape = Enumerable.Range(0, (int)reader.ReadUInt32()).Select(_ => (long)reader.ReadUInt64()).ToArray();
            Tensors.Add(name, (shape, reader.ReadUInt32(), (long)reader.ReadUInt64()));
        }

        _data = (reader.BaseStream.Position + 31) / 32 * 32;
        Assert.All(Tensors.Values, tensor => Assert.Equal(0, tensor.Offset % 32));
    }

    public Dictionary<string, object> Metadata { get; } = [];

    /// <summary>Dimensions from the fastest to the slowest, ggml_type, offset in the data.</summary>
    public Dictionary<string, (long[] Shape, uint Type, long Offset)> Tensors { get; } = [];

    public T Get<T>(string key) => (T)Metadata[key];

    /// <summary>A tensor's numbers: Q8_0 as scale times whole number, block by block of 34 bytes.</summary>
    public float[] Values(string name)
    {
        var (shape, type, offset) = Tensors[name];
        var count = (int)shape.Aggregate((a, b) => a * b);
        var bytes = _bytes.AsSpan((int)(_data + offset));
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = type switch
            {
                0 => BitConverter.ToSingle(bytes[(4 * i)..]),
                1 => (float)BitConverter.ToHalf(bytes[(2 * i)..]),
                30 => BitConverter.UInt32BitsToSingle((uint)BitConverter.ToUInt16(bytes[(2 * i)..]) << 16),
                8 => (float)BitConverter.ToHalf(bytes[(i / 32 * 34)..]) * (sbyte)bytes[(i / 32 * 34) + 2 + (i % 32)],
                _ => throw new InvalidDataException($"type {type}"),
            };
        }

        return values;
    }

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object Value(BinaryReader reader, uint type) => type switch
    {
        4 => reader.ReadUInt32(),
        5 => reader.ReadInt32(),
        6 => reader.ReadSingle(),
        7 => reader.ReadByte() == 1,
        8 => Text(reader),
        9 => Array(reader),
        _ => throw new InvalidDataException($"value type {type}"),
    };

    private static object[] Array(BinaryReader reader)
    {
        var (type, count) = (reader.ReadUInt32(), reader.ReadUInt64());
        return [.. Enumerable.Range(0, (int)count).Select(_ => Value(reader, type))];
    }
}
