using TorchSharp;
using TorchSharp.Modules;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Safetensors;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Lora;

/// <summary>An adapter on disk as PEFT keeps it: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
public static class AdapterFolder
{
    public const string WeightsName = "adapter_model.safetensors";
    private const string Prefix = "base_model.model.";
    private static readonly string[] Resized = ["model.embed_tokens.weight", "lm_head.weight"];

    /// <summary>Whether the folder claims to hold an adapter.</summary>
    public static bool Is(string directory) => File.Exists(Path.Combine(directory, LoraConfigFile.FileName));

    /// <summary>The folder whose tokenizer goes with a model's or an adapter's: that of the base model where an adapter brings none.</summary>
    /// <exception cref="ModelException">The base model of such an adapter is not at its place.</exception>
    public static string TokenizerFolder(string directory) =>
        !Is(directory) || File.Exists(Path.Combine(directory, "tokenizer.json")) ? directory : MergedModel.BaseOf(directory);

    /// <summary>Loads an adapter for a model, which is not changed.</summary>
    /// <exception cref="ModelException">The folder cannot be used with this model; the message says why.</exception>
    public static LoraAdapter Read(string directory, DecoderModel model)
    {
        var config = LoraConfigFile.Read(directory);
        using var file = Open(directory);
        var tensors = file.Header.Tensors.Keys.ToDictionary(Canonical, name => name, StringComparer.Ordinal);
        var modules = config.Resolve([.. model.Linear.Keys]);
        var replaced = config.ResolveSaved(model)
            .Union(Resized.Where(tensors.ContainsKey)).ToList(); // PEFT saves resized embeddings unasked
        var wanted = modules.SelectMany(module => Names(module)).Concat(replaced).ToHashSet(StringComparer.Ordinal);
        RefuseOthers(tensors.Keys.Where(name => !wanted.Contains(name)).ToList(), file.Path);

        var made = new List<IDisposable>();
        try
        {
            var loras = new List<LoraModule>();
            foreach (var module in modules)
            {
                var (rank, (outputs, inputs)) = (config.RankOf(module), model.Linear[module]);
                var (a, b) = (Load(Names(module)[0], [rank, inputs]), Load(Names(module)[1], [outputs, rank]));
                loras.Add(new LoraModule(module, a, b, config.ScaleOf(module), config.LoraDropout));
            }

            var whole = replaced.ToDictionary(name => name, name => Load(name, model.Places[name].Own.shape), StringComparer.Ordinal);
            return new LoraAdapter(config, loras, whole);
        }
        catch
        {
            made.ForEach(parameter => parameter.Dispose());
            throw;
        }

        Parameter Load(string name, long[] shape)
        {
            if (!tensors.TryGetValue(name, out var stored))
            {
                throw new ModelException(
                    $"{file.Path} holds no tensor \"{Prefix}{name}\", which target_modules or modules_to_save call for: "
                    + "do adapter_config.json and the weights belong together?");
            }

            var entry = file.Entry(stored);
            if (!entry.Shape.SequenceEqual(shape))
            {
                throw new ModelException(Mismatch(file.Path, stored, entry.Shape, shape, config));
            }

            var parameter = new Parameter(TensorStorage.Read(file, entry, model.Device, ScalarType.Float32).DetachFromDisposeScope());
            made.Add(parameter);
            return parameter;
        }
    }

    private static string Mismatch(string path, string name, IReadOnlyList<long> found, long[] wanted, LoraConfig config)
    {
        var rank = name.Contains("lora_A", StringComparison.Ordinal) ? 0 : 1;
        var isRank = name.Contains(".lora_", StringComparison.Ordinal) && found.Count == 2 && found[rank] != wanted[rank];
        return isRank
            ? $"{path}: tensor \"{name}\" has the rank {found[rank]}, but adapter_config.json makes it {wanted[rank]} (r and rank_pattern): "
              + "take both files from the same adapter."
            : $"{path}: tensor \"{name}\" has the shape [{string.Join(", ", found)}], which on this model would be [{string.Join(", ", wanted)}]: "
              + $"the adapter was made for another model ({config.BaseModelNameOrPath ?? "it does not say which"}).";
    }

    private static void RefuseOthers(List<string> names, string path)
    {
        if (names.Count == 0)
        {
            return;
        }

        throw new ModelException(
            $"{path} holds {names.Count} tensors that adapter_config.json and this model do not call for, such as \"{names.Order(StringComparer.Ordinal).First()}\": "
            + (names.Exists(name => name.Contains("lora_embedding_", StringComparison.Ordinal)) ? "low-rank adapters of embeddings are not supported."
                : names.Exists(name => name.Contains("lora_magnitude_vector", StringComparison.Ordinal)) ? "DoRA is not supported."
                : "the adapter was made for another model, or with other target_modules."));
    }

    /// <summary>The name without what PEFT puts around it: its prefix, and in files of whole modules the word for them.</summary>
    private static string Canonical(string name)
    {
        var bare = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        return bare.Replace(".modules_to_save.", ".", StringComparison.Ordinal);
    }

    private static string[] Names(string module) => [module + ".lora_A.weight", module + ".lora_B.weight"];

    internal static SafetensorsFile Open(string directory)
    {
        var path = Path.Combine(directory, WeightsName);
        return File.Exists(path)
            ? SafetensorsFile.Open(path)
            : throw new ModelException(File.Exists(Path.Combine(directory, "adapter_model.bin"))
                ? $"{directory} holds its weights as a Python pickle (adapter_model.bin), which can run any program when it is read and is therefore "
                  + "refused. Convert it where you trust it: PeftModel.from_pretrained(base, folder).save_pretrained(new_folder)."
                : $"{directory} holds no {WeightsName}: is the adapter's download complete?");
    }

    /// <summary>Replaces the values of a loaded adapter by those of another folder of the same shape.</summary>
    /// <exception cref="ModelException">The folder cannot be used.</exception>
    internal static void Load(LoraAdapter adapter, string directory, DecoderModel model)
    {
        using var off = no_grad();
        using var other = Read(directory, model);
        foreach (var (into, from) in adapter.Parameters.Zip(other.Parameters))
        {
            into.Weight.copy_(from.Weight);
        }
    }

    /// <summary>Writes the adapter, and from <paramref name="sourceDirectory"/> the tokenizer with the chat template, as TRL does.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="directory">An existing folder.</param>
    /// <param name="sourceDirectory">Where the base model was loaded from.</param>
    /// <param name="chatTemplate">The template that it was trained with, in place of the base model's.</param>
    public static void Write(LoraAdapter adapter, string directory, string sourceDirectory, string? chatTemplate = null)
    {
        PretrainedModel.CopyTokenizer(sourceDirectory, directory, chatTemplate);
        LoraConfigFile.Write(directory, adapter.Config);
        SafetensorsWriter.Write(
            Path.Combine(directory, WeightsName),
            adapter.Parameters.Select(parameter => TensorStorage.Source(Prefix + parameter.Name, parameter.Weight)));
    }
}
