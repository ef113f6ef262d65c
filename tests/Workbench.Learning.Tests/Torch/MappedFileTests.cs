using TorchSharp;

using Workbench.Torch.Kernels;

using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Torch;

/// <summary>Tensors over a mapped file, and the figures of memory.</summary>
[Collection(nameof(Alone))]
public sealed class MappedFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_tensor_reads_the_bytes_of_the_file()
    {
        Write([1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f]);
        using var file = MappedFile.Open(_path);
        using var x = file.Tensor(16, [2, 2], ScalarType.Float32);

        Assert.Equal([5f, 6f, 7f, 8f], x.data<float>().ToArray());
        Assert.Equal([0, 0, 128, 63], file.ReadBytes(0, 4));
    }

    [Fact]
    public void An_offset_that_is_no_multiple_of_the_element_is_read_too()
    {
        File.WriteAllBytes(_path, [9, .. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.0)]);
        using var file = MappedFile.Open(_path);
        using var x = file.Tensor(1, [2], ScalarType.Float64);

        Assert.Equal([1.5, -2.0], x.data<double>().ToArray());
    }

    [Fact]
    public void A_tensor_outlives_the_file_it_was_opened_from()
    {
        Write([1f, 2f, 3f, 4f]);
        Tensor x;
        using (var file = MappedFile.Open(_path))
        {
            x = file.Tensor(0, [4], ScalarType.Float32);
        }

        Assert.Equal(10, x.sum().item<float>());
        x.Dispose();
    }

    [Fact]
    public void What_is_written_to_a_tensor_never_reaches_the_file()
    {
        Write([1f, 2f, 3f, 4f]);
        var before = File.ReadAllBytes(_path);
        using (var file = MappedFile.Open(_path))
        {
            using var x = file.Tensor(0, [4], ScalarType.Float32);
            x.fill_(9);
            Assert.Equal(36, x.sum().item<float>());
        }

        Assert.Equal(before, File.ReadAllBytes(_path));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(16, 1)]
    [InlineData(-4, 1)]
    [InlineData(4, long.MaxValue / 4)]
    [InlineData(0, long.MaxValue)]
    [InlineData(0, -1)]
    public void A_range_outside_the_file_is_refused(long offset, long count)
    {
        Write([1f, 2f, 3f, 4f]);
        using var file = MappedFile.Open(_path);

        Assert.ThrowsAny<ArgumentException>(() => file.Tensor(offset, [count], ScalarType.Float32));
    }

    [Fact]
    public void An_empty_file_gives_empty_tensors()
    {
        using var file = MappedFile.Open(_path);
        using var x = file.Tensor(0, [0, 3], ScalarType.Float32);

        Assert.Equal([0, 3], x.shape);
    }

    [Fact]
    public void Mapping_takes_no_memory_until_it_is_touched()
    {
        const long bytes = 256L << 20;
        using (var stream = File.Create(_path))
        {
            stream.SetLength(bytes);
        }

        using var file = MappedFile.Open(_path);
        var before = MemoryFigures.Read().Resident;
        using var x = file.Tensor(0, [bytes / 4], ScalarType.Float32);

        Assert.InRange(MemoryFigures.Read().Resident - before, long.MinValue, bytes / 8);
    }

    [Fact]
    public void The_resident_memory_grows_with_what_is_filled()
    {
        const long bytes = 256L << 20;
        using var first = ones(1); // the library's own pages must not count
        var before = MemoryFigures.Read();
        using var x = ones(bytes / 4);
        var after = MemoryFigures.Read();

        Assert.InRange(after.Resident - before.Resident, bytes * 9 / 10, bytes * 12 / 10);
        Assert.True(after.PeakResident >= after.Resident);
        Assert.Equal(cuda.is_available(), after.Cuda is not null);
    }

    private void Write(float[] values) =>
        File.WriteAllBytes(_path, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
