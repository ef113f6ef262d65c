using System.Text.Json;

namespace Workbench.Learning.Models.Safetensors;

/// <summary>
/// The weights of a Hugging Face model folder: <c>model.safetensors</c>, or the shards that
/// <c>model.safetensors.index.json</c> names.
/// </summary>
public sealed class SafetensorsFolder : IDisposable
{
    private const string SingleName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";

    private readonly Dictionary<string, SafetensorsFile> _fileOfTensor = new(StringComparer.Ordinal);
    private readonly List<SafetensorsFile> _files = [];

    private SafetensorsFolder(string directory) => Directory = directory;

    public string Directory { get; }

    public IReadOnlyCollection<string> Names => _fileOfTensor.Keys;

    public bool Contains(string name) => _fileOfTensor.ContainsKey(name);

    public TensorEntry Entry(string name) => FileOf(name).Entry(name);

    public SafetensorsFile FileOf(string name) => _fileOfTensor.TryGetValue(name, out var file)
        ? file
        : throw new ModelException(
            $"{Directory}: the weights hold no tensor \"{name}\", which config.json calls for. "
            + "Is config.json that of another model, or a shard missing?");

    /// <summary>Opens every weight file of <paramref name="directory"/> and checks its header.</summary>
    /// <exception cref="ModelException">No weights, weights as a pickle, or a malformed file.</exception>
    public static SafetensorsFolder Open(string directory)
    {
        var folder = new SafetensorsFolder(directory);
        try
        {
            var index = Path.Combine(directory, IndexName);
            var single = Path.Combine(directory, SingleName);
            if (File.Exists(single))
            {
                folder.AddFile(single);
            }
            else if (File.Exists(index))
            {
                folder.AddShards(index);
            }
            else
            {
                throw NoWeights(directory);
            }

            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private SafetensorsFile AddFile(string path)
    {
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (var name in file.Header.Tensors.Keys)
        {
            if (!_fileOfTensor.TryAdd(name, file))
            {
                throw new ModelException($"{path} and {_fileOfTensor[name].Path} both hold tensor \"{name}\".");
            }
        }

        return file;
    }

    private void AddShards(string index)
    {
        var shards = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        foreach (var (tensor, shard) in ReadWeightMap(index))
        {
            if (shard != Path.GetFileName(shard) || !shard.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                throw new ModelException($"{index} places \"{tensor}\" in \"{shard}\", which is no file name of a shard.");
            }

            if (!shards.TryGetValue(shard, out var file))
            {
                var path = Path.Combine(Directory, shard);
                if (!File.Exists(path))
                {
                    throw new ModelException($"{index} names the shard {shard}, which is missing: download it again.");
                }

                shards[shard] = file = AddFile(path);
            }

            file.Entry(tensor);
        }
    }

    private static Dictionary<string, string> ReadWeightMap(string index)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var pair in json.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                map[pair.Name] = pair.Value.GetString() ?? string.Empty;
            }

            return map;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ModelException($"{index} holds no readable \"weight_map\": {error.Message}", error);
        }
    }

    private static ModelException NoWeights(string directory)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            return new ModelException($"There is no folder {directory}.");
        }

        var pickle = System.IO.Directory.EnumerateFiles(directory)
            .Select(Path.GetFileName)
            .FirstOrDefault(name => Path.GetExtension(name) is ".bin" or ".pt" or ".pth" or ".ckpt");
        return new ModelException(pickle is null
            ? $"{directory} holds no weights: {SingleName}, or {IndexName} with its shards, is missing."
            : $"{directory} holds its weights as a Python pickle ({pickle}), which can run any program when it is read and is "
              + "therefore refused. Convert it where you trust it: "
              + "AutoModelForCausalLM.from_pretrained(folder).save_pretrained(new_folder, safe_serialization=True).");
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());
}
