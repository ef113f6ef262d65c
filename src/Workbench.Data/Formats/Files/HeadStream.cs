namespace Workbench.Data.Formats.Files;

/// <summary>A stream whose first bytes can be looked at before it is read from its start.</summary>
internal sealed class HeadStream : Stream
{
    private readonly Stream inner;
    private readonly ReadOnlyMemory<byte> head;
    private int given;

    private HeadStream(Stream inner, ReadOnlyMemory<byte> head)
    {
        this.inner = inner;
        this.head = head;
    }

    /// <summary>The first bytes, fewer than asked for where the stream is shorter.</summary>
    public ReadOnlySpan<byte> Head => head.Span;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads <paramref name="length"/> bytes ahead.</summary>
    public static async Task<HeadStream> OpenAsync(Stream inner, int length, CancellationToken cancellationToken)
    {
        var head = new byte[length];
        var read = await inner.ReadAtLeastAsync(head, length, throwOnEndOfStream: false, cancellationToken);
        return new HeadStream(inner, head.AsMemory(0, read));
    }

    public override int Read(Span<byte> buffer) => FromHead(buffer) is var count and > 0 ? count : inner.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        FromHead(buffer.Span) is var count and > 0 ? ValueTask.FromResult(count) : inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int FromHead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, head.Length - given);
        head.Span.Slice(given, count).CopyTo(buffer);
        given += count;
        return count;
    }
}
