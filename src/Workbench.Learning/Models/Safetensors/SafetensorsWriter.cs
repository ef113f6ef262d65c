using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Workbench.Learning.Models.Safetensors;

/// <summary>A tensor to be written: its description and what puts its bytes (little-endian, row-major) on a stream.</summary>
public sealed record TensorSource(string Name, TensorType Type, IReadOnlyList<long> Shape, Action<Stream> WriteTo)
{
    public long Length => Shape.Aggregate((long)Type.Size(), (bytes, dimension) => checked(bytes * dimension));
}

/// <summary>
/// Writes a safetensors file that transformers, vLLM and llama.cpp's converter read: to a temporary name beside the
/// target, flushed to the disk and renamed, so that a crash never leaves half a model under the real name.
/// </summary>
public static class SafetensorsWriter
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="path">The file to be written or replaced.</param>
    /// <param name="tensors">The tensors; written in the order of their names, as the Python library does.</param>
    /// <param name="metadata">Free text; transformers refuses a file without <c>format: pt</c>, so that is the default.</param>
    public static void Write(string path, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
        metadata ??= new Dictionary<string, string> { ["format"] = "pt" };
        var temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(Header(ordered, metadata));
            foreach (var tensor in ordered)
            {
                var start = file.Position;
                tensor.WriteTo(file);
                if (file.Position - start != tensor.Length)
                {
                    throw new InvalidOperationException(
                        $"tensor \"{tensor.Name}\" wrote {file.Position - start} bytes instead of {tensor.Length}");
                }
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static byte[] Header(List<TensorSource> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                json.WriteStartArray("shape");
                foreach (var dimension in tensor.Shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // The data begins at a multiple of eight, so that a reader may map it as it is.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        var header = buffer.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - 8));
        return header;
    }
}
