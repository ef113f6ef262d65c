using System.Text;
using Workbench.Data.Formats;

namespace Workbench.Tests.Data.Formats;

public sealed class JsonLinesReaderTests
{
    [Theory]
    [InlineData("a\nb\n", new[] { "1 a", "2 b" })]
    [InlineData("a\nb", new[] { "1 a", "2 b" })]
    [InlineData("a\r\nb\r\n", new[] { "1 a", "2 b" })]
    [InlineData("\uFEFFa\n\uFEFFb", new[] { "1 a", "2 \uFEFFb" })]
    [InlineData("\n  \n\t\r\na\n\n", new[] { "4 a" })]
    [InlineData("", new string[0])]
    public async Task Lines_are_numbered_as_an_editor_numbers_them(string text, string[] expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Equal(expected, await ReadAsync(stream, 100));
    }

    [Fact]
    public async Task A_line_over_the_limit_is_reported_and_the_next_one_is_whole()
    {
        var text = $"first\n{new string('x', 1_000_000)}\nlast\n";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var lines = await ReadAsync(stream, 10);
        Assert.Equal(["1 first", $"2 too long {new string('x', 2048)}", "3 last"], lines);
    }

    [Fact]
    public async Task A_line_of_exactly_the_limit_is_fine()
    {
        using var stream = new MemoryStream("0123456789\n01234567890\n"u8.ToArray());
        Assert.Equal(["1 0123456789", "2 too long 01234567890"], await ReadAsync(stream, 10));
    }

    [Fact]
    public async Task An_endless_line_takes_constant_memory()
    {
        using var stream = new EndlessStream(256L * 1024 * 1024);
        var before = GC.GetAllocatedBytesForCurrentThread(); // other tests allocate on theirs
        var reading = ReadAsync(stream, 1024);
        Assert.True(reading.IsCompleted, "the stream never waits, so all of it was read on this thread");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L * 1024 * 1024);
        Assert.StartsWith("1 too long", Assert.Single(await reading), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_come_one_by_one_make_the_same_lines()
    {
        using var stream = new Trickle("ab\n\r\nc\n"u8.ToArray());
        Assert.Equal(["1 ab", "3 c"], await ReadAsync(stream, 100));
    }

    private static async Task<List<string>> ReadAsync(Stream stream, int maxLineBytes)
    {
        var lines = new List<string>();
        await foreach (var line in JsonLinesReader.ReadAsync(stream, maxLineBytes))
        {
            lines.Add($"{line.Number} {(line.TooLong ? "too long " : "")}{Encoding.UTF8.GetString(line.Bytes.Span)}");
        }

        return lines;
    }

    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }

    private sealed class EndlessStream(long length) : Stream
    {
        private long left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = (int)Math.Min(left, buffer.Length);
            buffer.Span[..read].Fill((byte)'x');
            left -= read;
            return ValueTask.FromResult(read);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
