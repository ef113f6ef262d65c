using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Workbench.Benchmarks.Differential;

/// <summary>
/// <c>./workbench bench differential [count] [seed]</c>: templates made at random from a grammar, rendered by python3's jinja2 in
/// transformers' environment and by this engine. Prints each kind of difference once; ends with 1 where there is one.
/// </summary>
internal static class DifferentialCommand
{
    private const int DefaultCount = 10_000;

    public static int Run(string[] arguments)
    {
        string Argument(int index, int otherwise) => index < arguments.Length ? arguments[index] : otherwise.ToString(CultureInfo.InvariantCulture);
        if (Corpus.Find() is not { } corpus)
        {
            return 1;
        }

        var script = Path.Combine(AppContext.BaseDirectory, "Differential", "generate.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [script, corpus.Folder, Argument(0, DefaultCount), Argument(1, 1)]) { RedirectStandardOutput = true };
        using var oracle = Process.Start(start)!;
        if (oracle.StandardOutput.ReadLine() is not { } header)
        {
            Console.Error.WriteLine("python3 with jinja2 is needed (Debian: apt-get install python3-jinja2); it ended without a word.");
            return 1;
        }

        var comparison = new Comparison(header);
        while (oracle.StandardOutput.ReadLine() is { } line)
        {
            comparison.Add(line);
        }

        oracle.WaitForExit();
        comparison.Print();
        return comparison.Rows > 0 && comparison.Differences == 0 ? 0 : 1;
    }

    /// <summary>Counts what differs, by kind.</summary>
    private sealed class Comparison(string header)
    {
        private readonly JsonElement header = JsonDocument.Parse(header).RootElement;
        private readonly Dictionary<string, int> kinds = [];
        private readonly DifferentialRows renderer = new(JsonDocument.Parse(header).RootElement.GetProperty("variables"));

        public int Rows { get; private set; }

        public int Differences => kinds.Values.Sum();

        public void Add(string line)
        {
            using var row = JsonDocument.Parse(line);
            Rows++;
            if (renderer.Difference(row.RootElement) is not { } actual)
            {
                return;
            }

            var expected = row.RootElement.TryGetProperty("e", out var type) ? $"{type}: {row.RootElement.GetProperty("m")}" : "text";
            var kind = string.Join(' ', (expected + " / " + actual).Split(' ').Where(word => word.All(char.IsLetter)).Take(20));
            if (kinds.TryGetValue(kind, out var times))
            {
                kinds[kind] = times + 1;
                return;
            }

            kinds.Add(kind, 1);
            Console.WriteLine($"--- {line}\n    got {actual}");
        }

        public void Print() => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Rows:N0} templates of seed {header.GetProperty("seed")} against jinja2 {header.GetProperty("jinja2")}: {Differences:N0} differ in {kinds.Count} ways"));
    }
}
