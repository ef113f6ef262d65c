using System.Diagnostics;
using System.Text.Json;

namespace Workbench.Benchmarks.Tokenize;

/// <summary>One round of a tokenizer over all texts.</summary>
internal readonly record struct Round(double Seconds, long Tokens);

/// <summary>The official library through npm's tokenizers, on all cores; prepares once and measures when it is told to.</summary>
internal sealed class TokenizersPeer : IDisposable
{
    private const string Package = "tokenizers@0.23.2";

    private readonly Process _process;

    private TokenizersPeer(Process process) => _process = process;

    /// <summary>The folder whose node_modules holds the package, installed there by npm where it is missing; null where that fails.</summary>
    public static string? Install(params string[] packages)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Places.Root, "artifacts", "npm")).FullName;
        if (!File.Exists(Path.Combine(folder, "package.json")))
        {
            File.WriteAllText(Path.Combine(folder, "package.json"), "{\"private\":true}");
        }

        string[] wanted = [Package, .. packages];
        var missing = wanted.Where(name => !Directory.Exists(Path.Combine(folder, "node_modules", name[..name.LastIndexOf('@')]))).ToArray();
        if (missing.Length == 0)
        {
            return folder;
        }

        using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, .. missing])
        {
            WorkingDirectory = folder,
        })!;
        npm.WaitForExit();
        return npm.ExitCode == 0 ? folder : null;
    }

    public static TokenizersPeer Start(string packages, string tokenizerJson, string textsJson)
    {
        var process = Process.Start(new ProcessStartInfo(
            "node", [Path.Combine(AppContext.BaseDirectory, "Tokenize", "tokenizers_peer.mjs"), tokenizerJson, textsJson])
        {
            WorkingDirectory = packages,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return process.StandardOutput.ReadLine() == "ready"
            ? new TokenizersPeer(process)
            : throw new InvalidOperationException("the tokenizers peer did not start; its complaint is above");
    }

    public Round Measure()
    {
        _process.StandardInput.WriteLine("go");
        _process.StandardInput.Flush();
        using var answer = JsonDocument.Parse(
            _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the tokenizers peer ended before it answered"));
        return new Round(answer.RootElement.GetProperty("seconds").GetDouble(), answer.RootElement.GetProperty("tokens").GetInt64());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(5000);
        _process.Dispose();
    }
}
