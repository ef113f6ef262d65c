namespace Workbench.Web.Tests.Support;

/// <summary>A folder of a test's own.</summary>
internal static class TestFolder
{
    public static string Create() => Directory.CreateTempSubdirectory("workbench-test-").FullName;
}
