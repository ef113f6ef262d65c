using System.Text;

namespace Workbench.Learning.Models.Gguf;

/// <summary>
/// The keys and values at the head of a GGUF file, in the order in which they are added. Types are those that llama.cpp asks for:
/// it reads a count as uint32 only, and a list of texts only as an array of strings.
/// </summary>
public sealed class GgufMetadata
{
    private readonly List<(string Key, ValueType Type, Action<BinaryWriter> Write)> _values = [];

    /// <summary>Numbers of the format's specification (gguf.md, <c>gguf_metadata_value_type</c>).</summary>
    private enum ValueType : uint
    {
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        String = 8,
        Array = 9,
    }

    public int Count => _values.Count;

    public void Add(string key, uint value) => _values.Add((key, ValueType.UInt32, writer => writer.Write(value)));

    public void Add(string key, float value) => _values.Add((key, ValueType.Float32, writer => writer.Write(value)));

    public void Add(string key, bool value) => _values.Add((key, ValueType.Bool, writer => writer.Write(value)));

    public void Add(string key, string value) => _values.Add((key, ValueType.String, writer => WriteText(writer, value)));

    public void Add(string key, IReadOnlyList<string> values) => AddArray(key, ValueType.String, values, WriteText);

    public void Add(string key, IReadOnlyList<float> values) => AddArray(key, ValueType.Float32, values, (writer, value) => writer.Write(value));

    public void Add(string key, IReadOnlyList<int> values) => AddArray(key, ValueType.Int32, values, (writer, value) => writer.Write(value));

    internal void Write(BinaryWriter writer)
    {
        foreach (var (key, type, write) in _values)
        {
            WriteText(writer, key);
            writer.Write((uint)type);
            write(writer);
        }
    }

    /// <summary>A text as the format stores it: its length in bytes as uint64, then UTF-8.</summary>
    internal static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private void AddArray<T>(string key, ValueType type, IReadOnlyList<T> values, Action<BinaryWriter, T> write) =>
        _values.Add((key, ValueType.Array, writer =>
        {
            writer.Write((uint)type);
            writer.Write((ulong)values.Count);
            foreach (var value in values)
            {
                write(writer, value);
            }
        }));
}
