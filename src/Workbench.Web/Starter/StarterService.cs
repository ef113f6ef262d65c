using Workbench.Web.Services;

namespace Workbench.Web.Starter;

/// <summary>Brings the starter's model and rows into the workbench, for whoever has neither at hand.</summary>
/// <remarks>Both come with the application: nothing is downloaded.</remarks>
public sealed class StarterService(ModelService models, DatasetService datasets, DataFolder folder)
{
    private const string ModelName = "starter";

    /// <summary>The base model, as it lies beside the application.</summary>
    public static string ModelSource => Path.Combine(AppContext.BaseDirectory, "starter", "model");

    /// <summary>Where the base model lies in the data folder.</summary>
    internal static string ModelPath(DataFolder folder) => Path.Combine(folder.Root, "starter", "model");

    /// <summary>
    /// Copies the model into the data folder, so that it stays when the application is replaced, adds it, and imports the rows for
    /// fine-tuning and the preference pairs. What is there already stays as it is.
    /// </summary>
    /// <exception cref="UserInputException">The data folder cannot be written.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        var model = ModelPath(folder);
        var known = await models.ListAsync(cancellationToken);
        if (!known.Any(entry => entry.Path == model))
        {
            CopyModel(model);
            await models.AddFolderAsync(model, ModelName, cancellationToken);
        }

        var there = (await datasets.ListAsync(cancellationToken)).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. new[] { StarterData.SftName, StarterData.DpoName }.Where(name => !there.Contains(name))];
        if (missing.Length > 0)
        {
            await ImportRowsAsync(missing, cancellationToken);
        }
    }

    private static void CopyModel(string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(ModelSource))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }
    }

    private async Task ImportRowsAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var written = folder.NewTemporaryFolder();
        try
        {
            StarterData.Write(written);
            foreach (var file in names.Select(name => name + ".jsonl"))
            {
                await using var rows = File.OpenRead(Path.Combine(written, file));
                await datasets.ImportAsync(rows, file, cancellationToken: cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(written, recursive: true);
        }
    }
}
