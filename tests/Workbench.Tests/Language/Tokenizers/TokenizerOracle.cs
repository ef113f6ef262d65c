using System.Diagnostics;
using System.Text;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>The official Rust library, through its npm package; skips the test where either is out of reach.</summary>
internal static class TokenizerOracle
{
    /// <summary>Encodes texts with a tokenizer.json; a row of JSON for each.</summary>
    /// <param name="tokenizerJson">The file.</param>
    /// <param name="texts">JSON strings, or objects with text and pair.</param>
    /// <param name="options">Options of the driver, such as --raw.</param>
    public static string[] Encode(string tokenizerJson, IEnumerable<string> texts, params IEnumerable<string> options)
    {
        var driver = Shared.Require("peers/tok_oracle.mjs");
        NpmPackages.Require("tokenizers", "0.23.2");
        var input = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(input, texts);
            using var node = Process.Start(new ProcessStartInfo("node", [driver, tokenizerJson, input, .. options])
            {
                WorkingDirectory = NpmPackages.Folder,
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.UTF8,
            })!;
            var rows = node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            Assert.Equal(0, node.ExitCode);
            return rows.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(input);
        }
    }
}
