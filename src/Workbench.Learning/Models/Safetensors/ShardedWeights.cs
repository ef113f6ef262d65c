using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Learning.Models.Safetensors;

/// <summary>Writes the weights of a model folder in one file, or in several with an index, as transformers' <c>save_pretrained</c> does.</summary>
public static class ShardedWeights
{
    /// <summary>Largest file unless said otherwise, as transformers 4: "5GB", a GB being 10^9 bytes.</summary>
    public const long DefaultMaxShardBytes = 5_000_000_000;

    private const string Single = "model.safetensors";
    private const string Index = "model.safetensors.index.json";

    /// <summary>Writes <c>model.safetensors</c>, or <c>model-00001-of-0000N.safetensors</c> … and <c>model.safetensors.index.json</c>.</summary>
    /// <param name="directory">An existing folder; weights that it holds under these names are replaced.</param>
    /// <param name="tensors">The weights; a file takes the next while it does not grow past the limit.</param>
    /// <param name="maxShardBytes">Largest file in bytes of weights; a single tensor that is larger has a file to itself.</param>
    public static void Write(string directory, IEnumerable<TensorSource> tensors, long maxShardBytes = DefaultMaxShardBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardBytes, 1);
        var shards = Split(tensors, maxShardBytes);
        var before = Directory.GetFiles(directory, "model-*-of-*.safetensors").ToHashSet(StringComparer.Ordinal);
        if (shards.Count <= 1)
        {
            SafetensorsWriter.Write(Path.Combine(directory, Single), shards.SelectMany(shard => shard));
            File.Delete(Path.Combine(directory, Index));
        }
        else
        {
            var places = new JsonObject();
            for (var i = 0; i < shards.Count; i++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors");
                SafetensorsWriter.Write(Path.Combine(directory, name), shards[i]);
                before.Remove(Path.Combine(directory, name));
                foreach (var tensor in shards[i].OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
                {
                    places[tensor.Name] = name;
                }
            }

            var index = new JsonObject
            {
                ["metadata"] = new JsonObject { ["total_size"] = shards.SelectMany(shard => shard).Sum(tensor => tensor.Length) },
                ["weight_map"] = places,
            };
            File.WriteAllText(Path.Combine(directory, Index), index.ToJsonString(new() { WriteIndented = true }) + "\n");
            File.Delete(Path.Combine(directory, Single)); // readers look for it first
        }

        foreach (var stale in before)
        {
            File.Delete(stale);
        }
    }

    /// <summary>Bytes of a size as transformers writes it: <c>5GB</c> is 5·10^9, <c>5GiB</c> 5·2^30, a bare number bytes.</summary>
    /// <exception cref="FormatException">It is no size.</exception>
    public static long ParseSize(string text)
    {
        (string Suffix, long Unit)[] units = [("GIB", 1L << 30), ("MIB", 1L << 20), ("KIB", 1L << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("", 1)];
        var upper = text.Trim().ToUpperInvariant();
        var (suffix, unit) = units.First(one => upper.EndsWith(one.Suffix, StringComparison.Ordinal));
        return long.TryParse(upper[..^suffix.Length].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 && count <= long.MaxValue / unit
            ? count * unit
            : throw new FormatException($"\"{text}\" is no size: write 5GB, 500MB or a number of bytes.");
    }

    private static List<List<TensorSource>> Split(IEnumerable<TensorSource> tensors, long maxShardBytes)
    {
        var shards = new List<List<TensorSource>>();
        long size = 0;
        foreach (var tensor in tensors)
        {
            if (shards.Count == 0 || size + tensor.Length > maxShardBytes)
            {
                shards.Add([]);
                size = 0;
            }

            shards[^1].Add(tensor);
            size += tensor.Length;
        }

        return shards;
    }
}
