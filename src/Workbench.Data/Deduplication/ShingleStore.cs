using System.Runtime.InteropServices;

namespace Workbench.Data.Deduplication;

/// <summary>The shingles of kept rows, in a temporary file that goes with the process: a million rows of a kilobyte have 700 MB of them.</summary>
internal sealed class ShingleStore : IDisposable
{
    private readonly FileStream file;
    private readonly List<long> ends = [0];
    private uint[] buffer = new uint[1024];

    public ShingleStore() => file = new FileStream(
        Path.Combine(Path.GetTempPath(), $"workbench-shingles-{Guid.NewGuid():N}"),
        FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);

    /// <summary>Appends the next row's shingles.</summary>
    public void Add(ReadOnlySpan<uint> shingles)
    {
        RandomAccess.Write(file.SafeFileHandle, MemoryMarshal.AsBytes(shingles), ends[^1]);
        ends.Add(ends[^1] + (shingles.Length * sizeof(uint)));
    }

    /// <summary>The shingles of a row; valid until the next call.</summary>
    public ReadOnlySpan<uint> this[int row]
    {
        get
        {
            var length = (int)((ends[row + 1] - ends[row]) / sizeof(uint));
            if (buffer.Length < length)
            {
                buffer = new uint[length * 2];
            }

            var bytes = MemoryMarshal.AsBytes(buffer.AsSpan(0, length));
            for (var read = 0; read < bytes.Length;)
            {
                var more = RandomAccess.Read(file.SafeFileHandle, bytes[read..], ends[row] + read);
                read += more > 0 ? more : throw new IOException("The temporary file of shingles was cut off. Is the temporary folder full?");
            }

            return buffer.AsSpan(0, length);
        }
    }

    public void Dispose() => file.Dispose();
}
