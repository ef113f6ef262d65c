using System.Text;

namespace Workbench.Learning.Models.Gguf;

/// <summary>A tensor of a GGUF file: its description and what puts its bytes on a stream.</summary>
/// <param name="Name">llama.cpp's name, e.g. <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Type">Type of the elements; a row holds a whole number of its blocks.</param>
/// <param name="Shape">Rows before columns, as in safetensors; the file lists them the other way round.</param>
/// <param name="WriteTo">Writes <see cref="Length"/> bytes.</param>
public sealed record GgufTensor(string Name, GgufType Type, IReadOnlyList<long> Shape, Action<Stream> WriteTo)
{
    /// <summary>Bytes in the file, without the padding behind.</summary>
    public long Length => checked(Shape.Aggregate(1L, (a, b) => a * b) / Type.BlockLength() * Type.BlockSize());
}

/// <summary>
/// Writes GGUF version 3 (ggml's docs/gguf.md): header, keys and values, tensor descriptions, then each tensor at a multiple of 32
/// bytes. One tensor at a time is in memory at most; the file has its name only once it is complete and on the disk.
/// </summary>
public static class GgufWriter
{
    private const int Alignment = 32;

    /// <param name="path">The file to create or replace.</param>
    /// <param name="metadata">Keys and values; <c>general.architecture</c> first.</param>
    /// <param name="tensors">The tensors, in the order in which they are to lie in the file.</param>
    /// <param name="written">Told how many bytes of how many are in the file, after every tensor.</param>
    /// <param name="cancellationToken">Looked at between tensors; nothing is left behind.</param>
    public static void Write(
        string path, GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors, Action<long, long>? written = null, CancellationToken cancellationToken = default)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                WriteHeader(file, metadata, tensors);
                var total = file.Position + tensors.Sum(tensor => Aligned(tensor.Length));
                foreach (var tensor in tensors)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var start = file.Position;
                    tensor.WriteTo(file);
                    if (file.Position - start != tensor.Length)
                    {
                        throw new InvalidOperationException($"tensor \"{tensor.Name}\" wrote {file.Position - start} bytes instead of {tensor.Length}");
                    }

                    Pad(file);
                    written?.Invoke(file.Position, total);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // there only where something went wrong: half a model must not fill the disk
        }
    }

    private static void WriteHeader(Stream file, GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors)
    {
        using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        metadata.Write(writer);
        ulong offset = 0;
        foreach (var tensor in tensors)
        {
            GgufMetadata.WriteText(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Count);
            foreach (var dimension in tensor.Shape.Reverse()) // ggml counts from the fastest
            {
                writer.Write((ulong)dimension);
            }

            writer.Write((uint)tensor.Type);
            writer.Write(offset);
            offset += (ulong)Aligned(tensor.Length);
        }

        writer.Flush();
        Pad(file);
    }

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Pad(Stream file) => file.Write(new byte[Aligned(file.Position) - file.Position]);
}
