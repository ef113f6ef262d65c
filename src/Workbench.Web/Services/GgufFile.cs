using Workbench.Learning.Models.Gguf;
using Workbench.Learning.Models.Lora;

namespace Workbench.Web.Services;

/// <summary>Models and adapters to GGUF files.</summary>
public static class GgufFile
{
    /// <summary>The type of that name; for null the one that loses nothing of what <paramref name="source"/> holds.</summary>
    /// <exception cref="UserInputException">There is no such type.</exception>
    /// <exception cref="Learning.Models.ModelException">The folder cannot be used.</exception>
    public static GgufType TypeOf(string? name, string source) => name is null
        ? GgufExport.LosslessType(AdapterFolder.Is(source) ? MergedModel.BaseOf(source) : source)
        : GgufTypes.Parse(name) ?? throw new UserInputException($"\"{name}\" is no type for the weights of a GGUF file.", "Choose f32, f16, bf16 or q8_0.", "--dtype");

    /// <summary>Where the file goes: <paramref name="output"/> itself if it ends in .gguf, else a file in that folder, named after model and type as on the Hub.</summary>
    /// <exception cref="UserInputException">There is such a file.</exception>
    public static string PathFor(string source, string output, GgufType type)
    {
        var full = Path.GetFullPath(output);
        var path = full.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
            ? full
            : Path.Combine(full, $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)))}-{type.Name()}.gguf");
        return Path.Exists(path) ? throw new UserInputException("There is such a file already.", "Name another one, or delete it first.", path) : path;
    }

    /// <summary>Writes a model, or an adapter merged into its base model, as one file; nothing is at <paramref name="target"/> before it is complete.</summary>
    /// <param name="source">Folder of the model or the adapter.</param>
    /// <param name="target">The file to create.</param>
    /// <param name="type">Type of the weights.</param>
    /// <param name="name">What the model is called in the file; by default the folder's name.</param>
    /// <param name="baseModel">Of an adapter: folder of its base model; by default the one that it names.</param>
    /// <param name="phase">Told what is being done.</param>
    /// <param name="written">Told how many bytes of how many are in the file.</param>
    /// <param name="cancellationToken">Cancels between tensors.</param>
    /// <exception cref="Learning.Models.ModelException">A folder cannot be used, or holds what the format has nothing for.</exception>
    public static WrittenModel Write(
        string source, string target, GgufType type, string? name = null, string? baseModel = null, Action<string>? phase = null,
        Action<long, long>? written = null, CancellationToken cancellationToken = default)
    {
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)));
        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        if (!AdapterFolder.Is(source))
        {
            return Write(source);
        }

        // Merged weights exist in memory as tensors, GGUF is written from files: so they are on the disk in between.
        var merged = Path.Combine(folder, $".{Path.GetFileNameWithoutExtension(target)}-{ShortId.New()}");
        try
        {
            ModelWriter.Merge(baseModel ?? MergedModel.BaseOf(source), source, merged, phase: phase);
            cancellationToken.ThrowIfCancellationRequested();
            return Write(merged);
        }
        finally
        {
            foreach (var rest in new[] { merged, merged + ".tmp" }.Where(Directory.Exists))
            {
                Directory.Delete(rest, recursive: true);
            }
        }

        WrittenModel Write(string model)
        {
            phase?.Invoke("writing");
            return new WrittenModel(target, GgufExport.Write(model, target, name, type, written, cancellationToken), type.Name());
        }
    }
}
