using System.Globalization;
using System.Text.Json;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>The random jobs of the comparison; the same seed makes the same ones.</summary>
internal static class DifferentialJobs
{
    private const int TextsOfOneTokenizer = 10;

    /// <summary>Texts for a tokenizer of the world, its own special tokens among them.</summary>
    public static TokenizerJob Released(string name, string file, int count, int seed)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        string[] specials = [.. json.RootElement.GetProperty("added_tokens").EnumerateArray().Select(token => token.GetProperty("content").GetString()!).Where(token => token.Length > 0)];
        var random = new Random(seed);
        var texts = new RandomTexts(random, specials);
        return new TokenizerJob(name, file, null, [.. Enumerable.Range(0, count).Select(_ => Row(random, texts))]);
    }

    /// <summary>Texts for tokenizers made up at random, a few for each.</summary>
    public static IReadOnlyList<TokenizerJob> MadeUp(int count, int seed)
    {
        var jobs = new List<TokenizerJob>();
        for (var number = 0; number * TextsOfOneTokenizer < count; number++)
        {
            var random = new Random(HashCode(seed, number));
            var tokenizer = new RandomTokenizers(random).Next();
            var texts = new RandomTexts(random, tokenizer.SpecialTokens);
            var rows = Enumerable.Range(0, TextsOfOneTokenizer).Select(_ => Row(random, texts)).ToList();
            jobs.Add(new TokenizerJob(string.Create(CultureInfo.InvariantCulture, $"made-up {seed}/{number}"), null, tokenizer.Json, rows));
        }

        return jobs;
    }

    private static TokenizerRow Row(Random random, RandomTexts texts) =>
        new(texts.Next(), random.Next(8) == 0 ? texts.Next() : null, random.Next(4) > 0);

    private static int HashCode(int seed, int number) => unchecked((seed * 1_000_003) + number);
}
