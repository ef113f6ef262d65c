using System.IO.MemoryMappedFiles;

namespace Workbench.Learning.Models.Safetensors;

/// <summary>
/// One safetensors file, mapped into memory: opening reads the header alone, and a tensor's bytes are paged in when they
/// are copied to where they are needed, so that loading never holds a file twice.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly MemoryMappedFile _map;

    private SafetensorsFile(string path, SafetensorsHeader header, MemoryMappedFile map)
    {
        Path = path;
        Header = header;
        _map = map;
    }

    public string Path { get; }

    public SafetensorsHeader Header { get; }

    /// <summary>Maps the file at <paramref name="path"/>.</summary>
    /// <exception cref="ModelException">The file is missing, unreadable, truncated or malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var header = SafetensorsHeader.Read(stream, path);
            var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            return new SafetensorsFile(path, header, map);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The entry of tensor <paramref name="name"/>.</summary>
    /// <exception cref="ModelException">The file holds no such tensor.</exception>
    public TensorEntry Entry(string name) => Header.Tensors.TryGetValue(name, out var entry)
        ? entry
        : throw new ModelException($"{Path} holds no tensor \"{name}\".");

    /// <summary>The bytes of a tensor as a stream over the mapped file; little-endian, row-major.</summary>
    /// <exception cref="ModelException">The file shrank since it was opened.</exception>
    public Stream OpenTensor(TensorEntry entry)
    {
        // A mapping beyond the end of a file that was cut meanwhile kills the process when touched; so look again.
        if (new FileInfo(Path).Length < entry.Offset + entry.Length)
        {
            throw new ModelException($"{Path} became shorter while it was read: is something writing to the model folder?");
        }

        return entry.Length == 0
            ? Stream.Null
            : _map.CreateViewStream(entry.Offset, entry.Length, MemoryMappedFileAccess.Read);
    }

    public void Dispose() => _map.Dispose();
}
