namespace Workbench.Benchmarks;

/// <summary>Where benchmarks read and write.</summary>
internal static class Places
{
    /// <summary>The checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Receives the figures as JSON.</summary>
    public static string Results => Directory.CreateDirectory(Path.Combine(Root, "benchmarks", "results")).FullName;

    /// <summary>Something of the shared data, which lies beside the checkout or where WORKBENCH_SHARED says; null, with a word on standard error, where it is not.</summary>
    public static string? Shared(string name)
    {
        var path = Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable("WORKBENCH_SHARED") ?? Path.Combine(Root, "..", "shared"), name));
        if (Path.Exists(path))
        {
            return path;
        }

        Console.Error.WriteLine($"The benchmark needs {path}, which is not there. Set WORKBENCH_SHARED to the folder that holds {name}.");
        return null;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Workbench.sln")))
            {
                return folder.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }
}
