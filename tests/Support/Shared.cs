namespace Workbench.Testing;

/// <summary>
/// Real templates, models and data that lie beside the checkout in <c>../shared</c> (or where
/// <c>WORKBENCH_SHARED</c> points). A test that needs one skips with that reason where the folder is absent.
/// </summary>
internal static class Shared
{
    /// <summary>The checkout's root: the nearest folder above the test binaries that holds Workbench.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static readonly string Folder =
        Environment.GetEnvironmentVariable("WORKBENCH_SHARED") ?? Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    public static bool Has(string relative) => Path.Exists(Path.Combine(Folder, relative));

    /// <summary>Full path of <paramref name="relative"/>; skips the running test where it does not exist.</summary>
    public static string Require(string relative)
    {
        var path = Path.Combine(Folder, relative);
        Assert.SkipUnless(Path.Exists(path), $"needs {relative} of the shared folder, which is not at {Folder}");
        return path;
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

        throw new InvalidOperationException($"no Workbench.sln above {AppContext.BaseDirectory}");
    }
}
