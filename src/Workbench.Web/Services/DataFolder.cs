namespace Workbench.Web.Services;

/// <summary>The one folder under which the application keeps everything.</summary>
public sealed class DataFolder
{
    /// <param name="root">Created when it does not exist.</param>
    public DataFolder(string root)
    {
        Root = Path.GetFullPath(root);
        CreatePrivate(Root);
        foreach (var folder in (string[])[Datasets, Runs, Temporary])
        {
            Directory.CreateDirectory(folder);
        }
    }

    public string Root { get; }

    public string Database => Path.Combine(Root, "workbench.db");

    public string Datasets => Path.Combine(Root, "datasets");

    /// <summary>Models that the workbench made outside of runs.</summary>
    public string Models => Path.Combine(Root, "models");

    /// <summary>Downloads of models that are not complete; they go on where they ended, so they outlive a restart.</summary>
    public string Downloads => Path.Combine(Models, ".downloads");

    /// <summary>Models written for other programs.</summary>
    public string Exports => Path.Combine(Root, "exports");

    /// <summary>Votes on answers, as they were given.</summary>
    public string Judging => Path.Combine(Root, "judging");

    /// <summary>What is known of every row of a version (<see cref="Rows.RowIndex"/>).</summary>
    public string IndexOf(string contentHash) => Path.Combine(Root, "indexes", contentHash + ".db");

    /// <summary>The tokens of the rows of a version, as the tokenizer of that fingerprint counts them.</summary>
    public string TokenIndexOf(string contentHash, string tokenizer) => Path.Combine(Root, "indexes", $"{contentHash}.{tokenizer}.tokens.db");

    /// <summary>Everything that was derived of the rows of a version and is there.</summary>
    public IEnumerable<string> DerivedOf(string contentHash) =>
        Directory.Exists(Path.Combine(Root, "indexes")) ? Directory.EnumerateFiles(Path.Combine(Root, "indexes"), contentHash + ".*").Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal)) : [];

    /// <summary>What reviewers said about a dataset's rows (<see cref="Review.ReviewLog"/>).</summary>
    public string ReviewsOf(string datasetId) => Path.Combine(Root, "reviews", datasetId + ".jsonl");

    /// <summary>Answers to a dataset's prompts and their scores (<see cref="Candidates.CandidateStore"/>).</summary>
    public string CandidatesOf(string datasetId) => Path.Combine(Root, "candidates", datasetId);

    public string Runs => Path.Combine(Root, "runs");

    /// <summary>Half-finished work; emptied at every start. On the same file system as the rest, so that a rename publishes it.</summary>
    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>WORKBENCH_DATA, or the platform's local application data folder.</summary>
    public static string DefaultRoot()
    {
        var configured = Environment.GetEnvironmentVariable("WORKBENCH_DATA");
        return string.IsNullOrWhiteSpace(configured)
            ? Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
                "workbench")
            : configured;
    }

    /// <summary>Makes the caller the only one who serves this folder, until it disposes or dies; null when another one does.</summary>
    public FileStream? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(Root, "workbench.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Conversations and keys are nobody else's business on a shared machine.</summary>
    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>A new empty folder below <see cref="Temporary"/>.</summary>
    public string NewTemporaryFolder() => Directory.CreateDirectory(Path.Combine(Temporary, ShortId.New())).FullName;
}
