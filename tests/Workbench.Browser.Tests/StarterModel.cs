namespace Workbench.Browser.Tests;

/// <summary>The starter's base model, as it lies beside the published application: a real model for any clone.</summary>
internal static class StarterModel
{
    public static string Folder => Path.Combine(Path.GetDirectoryName(WorkbenchProcess.Executable)!, "starter", "model");

    /// <summary>Copies it to a folder of that name below <paramref name="root"/>, to be changed or spoilt.</summary>
    public static string CopyTo(string root, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }
}
