using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Workbench.Learning.Training.MetricFiles;

/// <summary>
/// Writes metrics as a TensorBoard event file: TFRecords (length, masked CRC-32C of the length, data, masked CRC-32C of the data), each an
/// <c>Event</c> message with scalar summaries. The two formats: tensorflow/core/lib/io/record_writer.cc and tensorflow/core/util/event.proto.
/// </summary>
/// <remarks>Left out: images, histograms and plugin metadata; TensorBoard shows plain <c>simple_value</c>s as scalars.</remarks>
public static class TensorBoardFile
{
    private const byte WallTime = (1 << 3) | 1; // fixed64
    private const byte Step = 2 << 3; // varint
    private const byte FileVersion = (3 << 3) | 2; // bytes
    private const byte Summary = (5 << 3) | 2;
    private const byte Value = (1 << 3) | 2;
    private const byte Tag = (1 << 3) | 2;
    private const byte SimpleValue = (2 << 3) | 5; // fixed32

    /// <summary>TensorBoard finds event files by <c>tfevents</c> in their name and sorts them by the seconds that follow.</summary>
    /// <param name="points">The run's points; the first gives the time.</param>
    public static string Name(IReadOnlyList<MetricPoint> points) => $"events.out.tfevents.{(points.Count == 0 ? 0 : (long)points[0].Time):0000000000}.workbench";

    /// <summary>Writes a header and an event for each point, under the names that TensorBoard groups by: <c>train/loss</c>, <c>eval/loss</c>.</summary>
    /// <param name="points">In the order in which they are written.</param>
    /// <param name="output">Receives the file's bytes; stays open.</param>
    public static void Write(IReadOnlyList<MetricPoint> points, Stream output)
    {
        using var version = new MemoryStream();
        WriteTime(version, points.Count == 0 ? 0 : points[0].Time);
        WriteBytes(version, FileVersion, "brain.Event:2"u8);
        WriteRecord(output, version.ToArray());
        foreach (var point in points)
        {
            WriteRecord(output, EventOf(point));
        }
    }

    /// <summary>CRC-32C (Castagnoli) of the bytes, rotated and offset as TFRecords have it.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc32C(bytes);
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
    }

    internal static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    private static byte[] EventOf(MetricPoint point)
    {
        using var message = new MemoryStream();
        WriteTime(message, point.Time);
        message.WriteByte(Step);
        WriteVarint(message, (ulong)point.Step);
        using var summary = new MemoryStream();
        Span<byte> single = stackalloc byte[sizeof(float)];
        foreach (var (name, number) in point.Values)
        {
            using var value = new MemoryStream();
            WriteBytes(value, Tag, Encoding.UTF8.GetBytes(TagOf(name)));
            value.WriteByte(SimpleValue);
            BinaryPrimitives.WriteSingleLittleEndian(single, (float)number);
            value.Write(single);
            WriteBytes(summary, Value, value.ToArray());
        }

        WriteBytes(message, Summary, summary.ToArray());
        return message.ToArray();
    }

    /// <summary>As transformers' TensorBoardCallback rewrites the names of logs.</summary>
    private static string TagOf(string name) => name.StartsWith("eval_", StringComparison.Ordinal) ? "eval/" + name["eval_".Length..] : "train/" + name;

    private static void WriteTime(MemoryStream message, double seconds)
    {
        message.WriteByte(WallTime);
        Span<byte> eight = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(eight, seconds);
        message.Write(eight);
    }

    private static void WriteBytes(MemoryStream message, byte key, ReadOnlySpan<byte> bytes)
    {
        message.WriteByte(key);
        WriteVarint(message, (ulong)bytes.Length);
        message.Write(bytes);
    }

    private static void WriteVarint(MemoryStream message, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            message.WriteByte((byte)(value | 0x80));
        }

        message.WriteByte((byte)value);
    }

    private static void WriteRecord(Stream output, ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[sizeof(ulong) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(ulong)..], MaskedCrc(head[..sizeof(ulong)]));
        output.Write(head);
        output.Write(data);
        Span<byte> tail = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedCrc(data));
        output.Write(tail);
    }
}
