using System.Reflection;
using System.Runtime.InteropServices;

namespace Workbench.Data.DuckDb;

/// <summary>
/// Finds libduckdb, which <c>./workbench</c> fetches from npm: where <c>WORKBENCH_DUCKDB_LIBRARY</c> points, beside this assembly, or in the
/// <c>artifacts/native</c> of the checkout that it was built in.
/// </summary>
public static class DuckDbLibrary
{
    /// <summary>Names the library's file.</summary>
    public const string PathVariable = "WORKBENCH_DUCKDB_LIBRARY";

    internal const string Name = "duckdb";

    private static readonly Lazy<nint> Handle = new(() => NativeLibrary.TryLoad(FindPath(), out var handle) ? handle : 0);
    private static readonly Lazy<bool> Registered = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(DuckDbLibrary).Assembly, Resolve);
        return true;
    });

    /// <summary>Whether Parquet can be read and written on this machine.</summary>
    public static bool IsAvailable => Handle.Value != 0;

    /// <exception cref="DuckDbException">The library is not there.</exception>
    internal static void Require()
    {
        _ = Registered.Value;
        if (!IsAvailable)
        {
            throw new DuckDbException(
                $"Parquet needs DuckDB's library, which is not at {FindPath()}. Run ./workbench once with a network, which fetches it, or set {PathVariable} to {FileName}.");
        }
    }

    private static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name == Name ? Handle.Value : 0;

    private static string FindPath()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } chosen)
        {
            return chosen;
        }

        var beside = Path.Combine(AppContext.BaseDirectory, FileName);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null && !File.Exists(beside); folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "artifacts", "native", FileName);
            if (File.Exists(built))
            {
                return built;
            }
        }

        return beside;
    }
}
