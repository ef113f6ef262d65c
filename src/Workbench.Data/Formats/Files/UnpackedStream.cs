using System.IO.Compression;
using ZstdSharp;

namespace Workbench.Data.Formats.Files;

/// <summary>
/// The bytes inside a gzip or Zstandard file. What unpacks to far more than text ever does is refused: gzip reaches 1:1032 on
/// zeros (RFC 1951's longest match is 258 bytes in about two bits), chat data 1:3 to 1:30.
/// </summary>
internal sealed class UnpackedStream : Stream
{
    private const long MaxRatio = 250;
    private const long AlwaysAllowed = 64L * 1024 * 1024;

    private readonly PackedStream packed;
    private readonly Stream unpacked;
    private readonly string format;
    private long count;

    private UnpackedStream(string format, Stream source, Func<Stream, Stream> unpack)
    {
        this.format = format;
        packed = new PackedStream(source);
        unpacked = unpack(packed);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>RFC 1952; several members one after another are read as one file.</summary>
    public static UnpackedStream Gzip(Stream source) => new("gzip", source, packed => new GZipStream(packed, CompressionMode.Decompress));

    /// <summary>RFC 8878.</summary>
    public static UnpackedStream Zstandard(Stream source) => new("zst", source, packed => new DecompressionStream(packed));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = unpacked.Read(buffer);
            return Counted(read, read == 0 && buffer.Length > 0);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await unpacked.ReadAsync(buffer, cancellationToken);
            return Counted(read, read == 0 && buffer.Length > 0);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool IsDamage(Exception exception) => exception is InvalidDataException or EndOfStreamException or ZstdException;

    private DataFileException Damaged(Exception exception) => new(
        $"The {format} file is damaged or cut off after {count:N0} unpacked bytes ({exception.Message.TrimEnd('.')}). Download it again.", exception);

    /// <summary>
    /// .NET's decoder takes the end of the file for the end of the data, so a download that broke off would pass for whole. The
    /// trailer (RFC 1952, 2.3.1: ISIZE) tells: it is the unpacked size modulo 2^32, of the last member where there are several.
    /// </summary>
    private void CheckTrailer()
    {
        var expected = packed.Trailer;
        if (format == "gzip" && (packed.MayHaveMembers ? expected > count : expected != (uint)count))
        {
            throw new DataFileException($"The gzip file is cut off or damaged after {count:N0} unpacked bytes. Download it again.");
        }
    }

    private int Counted(int read, bool atEnd)
    {
        count += read;
        if (atEnd)
        {
            CheckTrailer();
        }

        return count <= AlwaysAllowed || count <= packed.Count * MaxRatio
            ? read
            : throw new DataFileException(
                $"The {format} file unpacks to more than {MaxRatio} times its size ({count:N0} bytes so far), which no dataset does. "
                + "If it is meant to, unpack it first and import the result.");
    }
}
