using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Workbench.Testing;

/// <summary>The official tokenizer library (npm tokenizers), run by node over many texts at once.</summary>
internal static class TokenizerOracle
{
    /// <summary>One JSON object for each text: ids, offsets, decoded. Skips the running test where the library cannot be had.</summary>
    public static string[] Encode(string tokenizerJson, IEnumerable<string> texts, params string[] options) =>
        EncodeLines(tokenizerJson, texts.Select(text => JsonSerializer.Serialize(text)), options);

    /// <summary>The same for lines as the driver takes them: JSON strings, or objects with text and pair.</summary>
    public static string[] EncodeLines(string tokenizerJson, IEnumerable<string> lines, params string[] options)
    {
        var driver = Shared.Require("peers/tok_oracle.mjs");
        NpmPackages.Require("tokenizers", "0.23.2");
        var input = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(input, lines);
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
