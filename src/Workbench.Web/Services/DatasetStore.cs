using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Data.Formats;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>
/// The files of datasets: <c>datasets/ID/dataset.json</c> describes, <c>datasets/ID/vN-HASH/</c> holds a version. A folder appears and disappears
/// by one rename, so it is complete whenever it is seen, and it alone is enough to list the dataset again.
/// </summary>
public sealed class DatasetStore(DataFolder folder)
{
    private const string Description = "dataset.json";
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <summary>The dataset's folder.</summary>
    public string FolderOf(string id) => Path.Combine(folder.Datasets, id);

    /// <summary>The folder of one version.</summary>
    public string VersionFolder(DatasetVersion version) => VersionFolder(FolderOf(version.DatasetId), version);

    /// <summary>Whether the version's rows are there; those of an old one may have been let go.</summary>
    public bool HasRows(DatasetVersion version) => Directory.Exists(VersionFolder(version));

    /// <summary>Reader of one version.</summary>
    /// <exception cref="UserInputException">Its rows were let go.</exception>
    public RowFileReader Open(DatasetVersion version) => HasRows(version) ? new(VersionFolder(version)) : throw new UserInputException(
        $"The rows of version {version.Number} were let go.",
        version.Recipe is null ? "Choose another version." : "Bring them back on the page of the versions, or choose another version.",
        $"{version.DatasetId} v{version.Number}");

    /// <summary>Makes the files in <paramref name="working"/> the first version of <paramref name="dataset"/>.</summary>
    public void Publish(DatasetEntry dataset, string working)
    {
        var whole = folder.NewTemporaryFolder();
        var version = VersionFolder(whole, dataset.Latest);
        Directory.Move(working, version);
        Seal(version);
        File.WriteAllText(Path.Combine(whole, Description), JsonSerializer.Serialize(dataset, Json));
        Directory.Move(whole, FolderOf(dataset.Id));
    }

    /// <summary>Makes the files in <paramref name="working"/> the newest version of <paramref name="dataset"/>, which lies in the store already.</summary>
    public void Append(DatasetEntry dataset, string working)
    {
        var version = VersionFolder(FolderOf(dataset.Id), dataset.Latest);
        if (Directory.Exists(version))
        {
            Directory.Delete(version, recursive: true); // left by a process that ended before it told the description
        }

        Directory.Move(working, version);
        Seal(version);
        Describe(dataset);
    }

    /// <summary>Puts rows that were let go back into their place.</summary>
    /// <param name="version">The version.</param>
    /// <param name="working">A folder with the same rows.</param>
    public void BringBack(DatasetVersion version, string working)
    {
        Directory.Move(working, VersionFolder(version));
        Seal(VersionFolder(version));
    }

    /// <summary>Lets the rows of a version go; its description stays.</summary>
    public void DropRows(DatasetVersion version)
    {
        if (HasRows(version))
        {
            var removed = Path.Combine(folder.Temporary, ShortId.New());
            Directory.Move(VersionFolder(version), removed);
            Directory.Delete(removed, recursive: true);
        }
    }

    /// <summary>Takes a version back that <paramref name="dataset"/> no longer lists.</summary>
    public void TakeBack(DatasetEntry dataset, DatasetVersion version)
    {
        Describe(dataset);
        DropRows(version);
    }

    private void Describe(DatasetEntry dataset)
    {
        var next = Path.Combine(folder.NewTemporaryFolder(), Description);
        File.WriteAllText(next, JsonSerializer.Serialize(dataset, Json));
        File.Move(next, Path.Combine(FolderOf(dataset.Id), Description), overwrite: true);
        Directory.Delete(Path.GetDirectoryName(next)!);
    }

    /// <summary>Takes the dataset's folder out of sight; returns where it now lies, to be deleted, or null when there was none.</summary>
    public string? Unpublish(string id)
    {
        if (!Directory.Exists(FolderOf(id)))
        {
            return null;
        }

        var removed = Path.Combine(folder.Temporary, ShortId.New());
        Directory.Move(FolderOf(id), removed);
        return removed;
    }

    /// <summary>Every dataset that lies in the folder, as its description says.</summary>
    public IEnumerable<DatasetEntry> Enumerate()
    {
        foreach (var path in Directory.EnumerateDirectories(folder.Datasets))
        {
            var file = Path.Combine(path, Description);
            if (File.Exists(file) && JsonSerializer.Deserialize<DatasetEntry>(File.ReadAllText(file), Json) is { } dataset)
            {
                yield return dataset;
            }
        }
    }

    private static string VersionFolder(string datasetFolder, DatasetVersion version) =>
        Path.Combine(datasetFolder, $"v{version.Number}-{version.ContentHash[..12]}");

    /// <summary>A version is never written again; the file system may as well say so.</summary>
    private static void Seal(string version)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // there, read-only files could not be deleted with their dataset
        }

        foreach (var file in Directory.EnumerateFiles(version))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }
    }
}
