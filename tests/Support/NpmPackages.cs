using System.Diagnostics;

namespace Workbench.Testing;

/// <summary>
/// Packages that only tests need, such as real tokenizers and the official tokenizer library: installed by npm into the
/// ignored folder artifacts/npm of the checkout, once. Where npm or its registry is out of reach, the test skips.
/// </summary>
internal static class NpmPackages
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string> Failures = [];

    public static string Folder { get; } = Path.Combine(Shared.Root, "artifacts", "npm");

    /// <summary>The folder of the package; skips the running test where it cannot be had.</summary>
    public static string Require(string name, string version)
    {
        var folder = Path.Combine(Folder, "node_modules", name);
        lock (Gate)
        {
            if (!Directory.Exists(folder) && !Failures.ContainsKey(name))
            {
                Install($"{name}@{version}", name);
            }
        }

        Assert.SkipUnless(Directory.Exists(folder), $"needs the npm package {name}@{version}: {Failures.GetValueOrDefault(name)}");
        return folder;
    }

    private static void Install(string package, string name)
    {
        Directory.CreateDirectory(Folder);
        var manifest = Path.Combine(Folder, "package.json");
        if (!File.Exists(manifest))
        {
            File.WriteAllText(manifest, "{\"private\":true}");
        }

        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--prefix", Folder, package])
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = npm.StandardOutput.ReadToEndAsync();
            var errors = npm.StandardError.ReadToEndAsync();
            if (!npm.WaitForExit(TimeSpan.FromMinutes(2)))
            {
                npm.Kill(entireProcessTree: true);
                Failures[name] = "npm did not end within two minutes";
            }
            else if (npm.ExitCode != 0)
            {
                Failures[name] = $"npm failed: {errors.Result}{output.Result}";
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Failures[name] = $"npm does not run: {e.Message}";
        }
    }
}
