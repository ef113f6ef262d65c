using System.Text;

namespace Workbench.Web.Commands;

/// <summary>Where a verb reads and writes: the process's streams, or a test's.</summary>
/// <param name="Input">JSON lines.</param>
/// <param name="Output">Results, nothing else.</param>
/// <param name="Error">Progress and complaints.</param>
internal sealed record VerbIo(Stream Input, Stream Output, TextWriter Error)
{
    public static VerbIo OfProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error);

    /// <summary>Writes a line of results, at once.</summary>
    public void WriteLine(string line)
    {
        Output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        Output.Flush();
    }
}
