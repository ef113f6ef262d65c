using System.Buffers.Binary;

namespace Workbench.Data.Formats.Files;

/// <summary>Counts what a decoder takes of a packed file, and remembers what its end and further members look like.</summary>
internal sealed class PackedStream(Stream inner) : Stream
{
    private readonly byte[] tail = new byte[4];

    /// <summary>Bytes given so far.</summary>
    public long Count { get; private set; }

    /// <summary>The last four bytes given, little-endian.</summary>
    public uint Trailer => BinaryPrimitives.ReadUInt32LittleEndian(tail);

    /// <summary>Whether a gzip header stands anywhere behind the first; in packed data it does so by chance once in 16 MB.</summary>
    public bool MayHaveMembers { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Seen(buffer[..inner.Read(buffer)]);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return Seen(buffer.Span[..read]);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Seen(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> magic = [0x1F, 0x8B, 0x08];
        Span<byte> seam = [.. tail, .. bytes[..Math.Min(2, bytes.Length)]];
        MayHaveMembers |= bytes[Math.Min(Count == 0 ? 1 : 0, bytes.Length)..].IndexOf(magic) >= 0 || (Count > 4 && seam.IndexOf(magic) >= 0);
        Count += bytes.Length;
        if (bytes.Length >= tail.Length)
        {
            bytes[^tail.Length..].CopyTo(tail);
        }
        else if (bytes.Length > 0)
        {
            tail.AsSpan(bytes.Length).CopyTo(tail);
            bytes.CopyTo(tail.AsSpan(tail.Length - bytes.Length));
        }

        return bytes.Length;
    }
}
