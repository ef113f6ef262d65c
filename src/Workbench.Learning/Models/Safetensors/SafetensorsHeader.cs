using System.Buffers.Binary;
using System.Text.Json;

namespace Workbench.Learning.Models.Safetensors;

/// <summary>
/// The header of a safetensors file, read as the format's specification demands and as strictly as its reference
/// implementation does: eight bytes of length, a JSON object, then tensors that cover the rest without gap or overlap.
/// A file comes from strangers: every number is checked before it is used.
/// </summary>
public sealed class SafetensorsHeader
{
    /// <summary>The reference implementation's limit; a longer header is an attack or garbage.</summary>
    private const long MaxHeaderLength = 100_000_000;

    private const string Damaged = "The file is damaged or no safetensors file: download it again, or save the model again.";

    private readonly string _file;

    private SafetensorsHeader(string file) => _file = file;

    /// <summary>Tensors by name, in the order of the header.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _tensors;

    /// <summary>Free text that the writer left, such as <c>format: pt</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>Reads and checks the header at the start of <paramref name="stream"/>.</summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="ModelException">The header breaks a rule of the format.</exception>
    public static SafetensorsHeader Read(Stream stream, string file)
    {
        var header = new SafetensorsHeader(file);
        var fileLength = stream.Length;
        Span<byte> prefix = stackalloc byte[8];
        if (fileLength < 8)
        {
            throw header.Broken($"is {fileLength} bytes long, too short for a header");
        }

        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderLength)
        {
            throw header.Broken($"declares a header of {length} bytes; at most {MaxHeaderLength} are allowed");
        }

        if ((long)length > fileLength - 8)
        {
            throw header.Broken($"declares a header of {length} bytes, but only {fileLength - 8} follow: it is truncated");
        }

        var json = new byte[length];
        stream.ReadExactly(json);
        var bodyStart = 8 + (long)length;
        try
        {
            header.Parse(json, bodyStart, fileLength - bodyStart);
        }
        catch (JsonException error)
        {
            throw new ModelException($"{file}: the header is not valid JSON ({error.Message}) {Damaged}", error);
        }

        header.CheckCoverage(bodyStart, fileLength - bodyStart);
        return header;
    }

    private void Parse(ReadOnlySpan<byte> json, long bodyStart, long bodyLength)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Broken("has a header that is no JSON object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Broken($"has no object under \"{name}\" in its header");
            }

            if (name == "__metadata__")
            {
                ReadMetadata(ref reader);
            }
            else if (!_tensors.TryAdd(name, ReadTensor(ref reader, name, bodyStart, bodyLength)))
            {
                throw Broken($"declares tensor \"{name}\" twice");
            }
        }

        // The specification pads the header with spaces; anything else behind the object is refused by the reader.
        while (reader.Read())
        {
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Broken($"has metadata \"{key}\" that is no text");
            }

            _metadata[key] = Text(ref reader);
        }
    }

    private TensorEntry ReadTensor(ref Utf8JsonReader reader, string name, long bodyStart, long bodyLength)
    {
        string? dtype = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text(ref reader);
            reader.Read();
            switch (key)
            {
                case "dtype" when reader.TokenType == JsonTokenType.String: dtype = Text(ref reader); break;
                case "shape": shape = ReadNumbers(ref reader, name, key); break;
                case "data_offsets": offsets = ReadNumbers(ref reader, name, key); break;
                default: reader.Skip(); break;
            }
        }

        if (dtype is null || shape is null || offsets is not { Count: 2 })
        {
            throw Broken($"gives tensor \"{name}\" no complete dtype, shape and data_offsets");
        }

        if (!Enum.TryParse<TensorType>(dtype, out var type) || !string.Equals(type.ToString(), dtype, StringComparison.Ordinal))
        {
            throw new ModelException(
                $"{_file}: tensor \"{name}\" has the type {dtype}, which is not supported; "
                + $"save the model in one of {string.Join(", ", Enum.GetNames<TensorType>())}.");
        }

        var (begin, end) = (offsets[0], offsets[1]);
        if (begin > end || end > bodyLength)
        {
            throw Broken(
                $"places tensor \"{name}\" at bytes {begin} to {end} of {bodyLength}"
                + (end > bodyLength ? ": the file is truncated" : string.Empty));
        }

        if (end - begin != ByteLength(shape, type))
        {
            throw Broken(
                $"gives tensor \"{name}\" of shape [{string.Join(", ", shape)}] and type {dtype} {end - begin} bytes");
        }

        return new TensorEntry(name, type, shape, bodyStart + begin, end - begin);
    }

    /// <summary>Bytes of a tensor, or -1 where the product is beyond 63 bits.</summary>
    private static long ByteLength(List<long> shape, TensorType type)
    {
        Int128 bytes = type.Size();
        foreach (var dimension in shape)
        {
            bytes *= dimension;
            if (bytes > long.MaxValue)
            {
                return -1;
            }
        }

        return (long)bytes;
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        var numbers = new List<long>();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0)
            {
                numbers.Add(number);
            }
        }

        return reader.TokenType == JsonTokenType.EndArray && numbers.Count <= 16
            ? numbers
            : throw Broken($"has a {key} of tensor \"{name}\" that is no short list of numbers from 0 up");
    }

    /// <summary>Tensors must follow each other without gap or overlap, from the first byte to the last.</summary>
    private void CheckCoverage(long bodyStart, long bodyLength)
    {
        var position = bodyStart;
        TensorEntry? previous = null;
        foreach (var tensor in _tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.Length))
        {
            if (tensor.Offset != position)
            {
                throw Broken(tensor.Offset < position
                    ? $"lets tensor \"{tensor.Name}\" overlap \"{previous?.Name}\""
                    : $"leaves {tensor.Offset - position} bytes unused before tensor \"{tensor.Name}\"");
            }

            position += tensor.Length;
            previous = tensor;
        }

        if (position != bodyStart + bodyLength)
        {
            throw Broken($"has {bodyStart + bodyLength - position} bytes behind its last tensor");
        }
    }

    private string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Broken("has a name in its header that is no valid UTF-8");
        }
    }

    private ModelException Broken(string what) => new($"{_file} {what}. {Damaged}");
}
