using System.Diagnostics;
using System.Globalization;

namespace Workbench.Benchmarks.Fuzz;

/// <summary>
/// <c>./workbench bench fuzz [count] [first]</c>: damaged templates of the corpus, numbered from <c>first</c>. Ends with 1 where
/// one broke a rule, took too long or made the process grow; a template is named by its number, from which it can be made again.
/// </summary>
internal static class FuzzCommand
{
    private const int Seed = 20250615;
    private const int DefaultCount = 100_000;
    private const int CountPerReport = 20_000;
    private const long MaxWorkingSet = 1L << 30;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    public static int Run(string[] arguments)
    {
        int? Number(int index, int otherwise) => index >= arguments.Length ? otherwise
            : int.TryParse(arguments[index], CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;
        if (Number(0, DefaultCount) is not { } count || Number(1, 0) is not { } first)
        {
            Console.Error.WriteLine("usage: fuzz [COUNT] [FIRST], both whole numbers");
            return 2;
        }

        if (Corpus.Find() is not { } corpus)
        {
            return 1;
        }

        var fuzz = new MutationFuzz(corpus.Templates(), [.. corpus.Requests().Values], Seed);
        using var process = Process.GetCurrentProcess();
        var watch = Stopwatch.StartNew();
        for (var number = first; number < first + count; number++)
        {
            fuzz.Run(number);
            if ((number - first + 1) % CountPerReport == 0)
            {
                process.Refresh();
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{number - first + 1:N0} templates in {watch.Elapsed.TotalSeconds:F0} s, working set {process.WorkingSet64 >> 20:N0} MB, {fuzz.Violations.Count} violations"));
            }
        }

        process.Refresh();
        return Report(fuzz, count, watch.Elapsed, process.PeakWorkingSet64, corpus);
    }

    private static int Report(MutationFuzz fuzz, int count, TimeSpan elapsed, long peak, Corpus corpus)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count:N0} damaged templates in {elapsed.TotalSeconds:F1} s ({count / elapsed.TotalSeconds:N0}/s), peak working set {peak >> 20:N0} MB, slowest {fuzz.Slowest.Time.TotalMilliseconds:F0} ms (number {fuzz.Slowest.Number})"));
        foreach (var (outcome, times) in fuzz.Outcomes.OrderByDescending(pair => pair.Value))
        {
            Console.WriteLine($"{times.ToString("N0", CultureInfo.InvariantCulture),12}  {outcome}");
        }

        foreach (var (number, what) in fuzz.Violations.Take(10))
        {
            Console.WriteLine($"violation by template {number}: {what}");
        }

        var result = new FuzzResult(
            Seed, count, elapsed.TotalSeconds, peak, fuzz.Slowest.Time.TotalMilliseconds, fuzz.Slowest.Number, fuzz.Outcomes, fuzz.Violations.Count);
        Results.Write("fuzz.json", result);
        if (peak > MaxWorkingSet || fuzz.Slowest.Time > MaxTime)
        {
            Console.WriteLine($"beyond the bounds of {MaxWorkingSet >> 20} MB and {MaxTime.TotalSeconds} s a template");
            return 1;
        }

        return fuzz.Violations.Count == 0 ? 0 : 1;
    }

    private sealed record FuzzResult(
        int Seed, int Templates, double Seconds, long PeakWorkingSet, double SlowestMs, int SlowestNumber, SortedDictionary<string, int> Outcomes, int Violations);
}
