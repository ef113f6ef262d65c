using System.Text;
using System.Text.Json;
using Workbench.Web.Commands;

namespace Workbench.Web.Tests.Support;

/// <summary>A verb called in this process, with its streams in memory.</summary>
internal sealed record VerbRun(int Code, IReadOnlyList<string> Lines, string Complaints)
{
    /// <summary>Output line <paramref name="index"/> as JSON.</summary>
    public JsonElement this[int index] => JsonSerializer.Deserialize<JsonElement>(Lines[index]);

    public static async Task<VerbRun> OfAsync(string[] arguments, params string[] input)
    {
        using var standardInput = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(input.Select(line => line + "\n"))));
        using var output = new MemoryStream();
        await using var complaints = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, new VerbIo(standardInput, output, complaints));
        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new VerbRun(code, lines, complaints.ToString());
    }
}
