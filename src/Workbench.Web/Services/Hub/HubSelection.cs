using System.Globalization;
using Workbench.Learning.Models.Decoder;

namespace Workbench.Web.Services.Hub;

/// <summary>What of a repository is fetched, and what is refused before gigabytes have come.</summary>
internal static class HubSelection
{
    /// <summary>The files that make the model, the small ones first.</summary>
    /// <exception cref="UserInputException">The repository holds no safetensors weights, or is no model in Hugging Face's layout.</exception>
    public static IReadOnlyList<HubFile> Of(HubListing listing, HubModel model)
    {
        var wanted = listing.Files.Where(file => ModelFiles.Belongs(file.Path)).ToList();
        if (wanted.Any(file => file.Path == "model.safetensors"))
        {
            wanted.RemoveAll(file => file.Path.StartsWith("model-", StringComparison.Ordinal) || file.Path == "model.safetensors.index.json");
        }

        if (!wanted.Any(file => ModelFiles.IsSafetensors(file.Path)))
        {
            throw listing.Files.FirstOrDefault(file => ModelFiles.IsPickle(file.Path)) is { } pickle
                ? ModelFiles.PickleRefused(pickle.Path, model.Id)
                : new UserInputException(
                    $"{model.Id} holds no safetensors weights{(listing.Files.Any(file => file.Path.EndsWith(".gguf", StringComparison.Ordinal)) ? ", only GGUF files" : "")}.",
                    "Take the model from which it was made: a folder with config.json, tokenizer.json and model.safetensors.", model.Id);
        }

        return wanted.Any(file => file.Path is "config.json" or "adapter_config.json")
            ? [.. wanted.OrderBy(file => file.Path is "config.json" or "adapter_config.json" ? 0 : 1).ThenBy(file => file.Size)]
            : throw new UserInputException($"{model.Id} has no config.json.", "It is no model in Hugging Face's layout; look at its page for one that is.", model.Id);
    }

    /// <exception cref="UserInputException">The disk is too small for what is not here yet.</exception>
    public static void CheckSpace(IReadOnlyList<HubFile> files, string directory)
    {
        var missing = files.Sum(file => file.Size - Here(Path.Combine(directory, file.Path), file.Size));
        var free = new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        if (missing > free)
        {
            throw new UserInputException(
                string.Create(CultureInfo.InvariantCulture, $"The files need {missing / 1e9:0.0} GB more, and {free / 1e9:0.0} GB are free."),
                "Make room, or put the data folder on a larger disk (WORKBENCH_DATA).", directory);
        }

        static long Here(string path, long size) =>
            File.Exists(path) ? size : new FileInfo(path + ".part") is { Exists: true } part ? Math.Min(part.Length, size) : 0;
    }

    /// <summary>config.json comes first: an architecture that the workbench does not compute is refused before its weights come.</summary>
    /// <exception cref="Learning.Models.ModelException">It is one.</exception>
    public static void CheckEarly(string file, string directory)
    {
        if (file == "config.json")
        {
            DecoderConfigReader.Read(directory);
        }
    }
}
