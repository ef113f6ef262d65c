using System.Globalization;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>A file that is being uploaded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Open">Opens its bytes.</param>
public sealed record UploadedFile(string Name, long Size, Func<CancellationToken, Stream> Open);

/// <summary>Takes the files of a model from a browser: nothing is in the list before all are here and hold together.</summary>
public sealed class ModelUpload(DataFolder folder, ModelService models, TimeProvider clock)
{
    /// <summary>Largest file: the largest that transformers writes unless told otherwise is 5 GB.</summary>
    public const long MaxFileBytes = 8L << 30;

    /// <summary>Most files of one upload.</summary>
    public const int MaxFiles = 200;

    /// <summary>Those of the files that make a model.</summary>
    /// <exception cref="UserInputException">They do not: weights or config.json are missing, or the weights are a pickle.</exception>
    public static IReadOnlyList<UploadedFile> Choose(IReadOnlyList<UploadedFile> files)
    {
        var wanted = files.Where(file => ModelFiles.Belongs(file.Name)).ToList();
        if (!wanted.Any(file => ModelFiles.IsSafetensors(file.Name)))
        {
            throw files.FirstOrDefault(file => ModelFiles.IsPickle(file.Name)) is { } pickle
                ? ModelFiles.PickleRefused(pickle.Name, pickle.Name)
                : new UserInputException("The files hold no weights.", "Choose all files of the model's folder together: config.json, tokenizer.json, tokenizer_config.json and the .safetensors files.");
        }

        if (!wanted.Any(file => file.Name is "config.json" or "adapter_config.json"))
        {
            throw new UserInputException("config.json is missing.", "Choose all files of the model's folder together; an adapter has adapter_config.json instead.");
        }

        return wanted.Find(file => file.Size > MaxFileBytes) is { } large
            ? throw new UserInputException(
                string.Create(CultureInfo.InvariantCulture, $"{large.Name} has {large.Size / 1e9:0.0} GB; a page takes files of up to {MaxFileBytes / 1e9:0.0} GB."),
                "Copy the folder to this machine and add it as a folder.", large.Name)
            : wanted;
    }

    /// <summary>Receives the files and adds the model.</summary>
    /// <param name="files">What was chosen.</param>
    /// <param name="name">What to call the model.</param>
    /// <param name="arrived">Told the file that is coming and how many bytes of all files are here.</param>
    /// <param name="cancellationToken">Cancels; nothing is kept.</param>
    /// <exception cref="UserInputException">The files make no model that can be used.</exception>
    public async Task<ModelEntry> ReceiveAsync(IReadOnlyList<UploadedFile> files, string name, Action<string, long> arrived, CancellationToken cancellationToken)
    {
        var wanted = Choose(files);
        var (total, free) = (wanted.Sum(file => file.Size), new DriveInfo(folder.Root).AvailableFreeSpace);
        if (total > free)
        {
            throw new UserInputException(
                string.Create(CultureInfo.InvariantCulture, $"The files have {total / 1e9:0.0} GB, and {free / 1e9:0.0} GB are free."), "Make room, or put the data folder on a larger disk (WORKBENCH_DATA).", folder.Root);
        }

        var label = string.IsNullOrWhiteSpace(name) ? "uploaded model" : name.Trim();
        var working = folder.NewTemporaryFolder();
        string? target = null;
        try
        {
            long here = 0;
            foreach (var file in wanted)
            {
                await using var source = file.Open(cancellationToken);
                await using var stored = File.Create(Path.Combine(working, file.Name));
                here = await CopyAsync(source, stored, here, bytes => arrived(file.Name, bytes), cancellationToken);
            }

            ModelSource.Write(working, new ModelSource("Upload", label, null, null, clock.GetUtcNow()));
            Directory.CreateDirectory(folder.Models);
            target = Path.Combine(folder.Models, $"{ShortId.New()}-uploaded");
            Directory.Move(working, target);
            return await models.AddFolderAsync(target, label, cancellationToken);
        }
        catch
        {
            foreach (var rest in new[] { working, target }.Where(Directory.Exists))
            {
                Directory.Delete(rest!, recursive: true);
            }

            throw;
        }
    }

    private static async Task<long> CopyAsync(Stream source, Stream target, long here, Action<long> arrived, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 18];
        for (int count; (count = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            arrived(here += count);
        }

        return here;
    }
}
