using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Tokenizers.Training;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>The trainer beside that of the official library (npm tokenizers), over the same file.</summary>
public sealed class BpeTrainerTests(ITestOutputHelper output)
{
    private static readonly string[] Syllables = ["ba", "lo", "ti", "ren", "sha", "über", "日本", "ко", "ing", "ed", "the", "an", "aa", "aaa", "👍", "7", "42", "'s", "..."];

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 400)]
    [InlineData(3, 3000)]
    public void Vocabulary_and_merges_are_those_of_the_official_trainer(int seed, int count)
    {
        NpmPackages.Require("tokenizers", "0.23.2");
        var folder = Directory.CreateTempSubdirectory("workbench-bpe-").FullName;
        try
        {
            var (texts, trained) = (Path.Combine(folder, "texts.txt"), Path.Combine(folder, "trained.json"));
            var lines = Lines(seed, count);
            File.WriteAllText(texts, string.Concat(lines));
            Train(texts, trained);

            using var json = JsonDocument.Parse(File.ReadAllBytes(trained));
            var model = json.RootElement.GetProperty("model");
            var expected = model.GetProperty("merges").EnumerateArray().Select(Merge).ToList();
            var vocabulary = model.GetProperty("vocab").EnumerateObject().OrderBy(token => token.Value.GetInt32()).Select(token => token.Name);

            var words = ByteLevelBpe.CountWords(lines, JsonNode.Parse("""{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""")!);
            var learnt = BpeTrainer.Train(words, new BpeTrainerOptions());

            output.WriteLine($"{words.Count} words, {expected.Count} merges");
            Assert.True(expected.Count > 100);
            Assert.Equal(expected, learnt.Merges);
            Assert.Equal(vocabulary, learnt.Tokens);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_token_never_reaches_the_longest_length()
    {
        var words = new Dictionary<string, long> { ["aaaaaaaa"] = 5, ["abcabc"] = 3 };
        var learnt = BpeTrainer.Train(words, new BpeTrainerOptions { MaxTokenLength = 3 });
        // By hand: a+a (7 times 5, more than any), then a+b (2 times 3); every pair that is left would make three characters.
        Assert.Equal([("a", "a"), ("a", "b")], learnt.Merges);
    }

    [Fact]
    public void Training_stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => ByteLevelBpe.Train(["ab ab"], 300, cancellationToken: stop.Token));
    }

    private static (string Left, string Right) Merge(JsonElement merge) => merge.ValueKind == JsonValueKind.Array
        ? (merge[0].GetString()!, merge[1].GetString()!)
        : (merge.GetString()!.Split(' ')[0], merge.GetString()!.Split(' ')[1]);

    private static void Train(string texts, string output)
    {
        var script = Path.Combine(Shared.Root, "tests", "Workbench.Tests", "Language", "Tokenizers", "train_oracle.mjs");
        using var node = Process.Start(new ProcessStartInfo("node", [script, texts, output]) { WorkingDirectory = NpmPackages.Folder })!;
        node.WaitForExit();
        Assert.Equal(0, node.ExitCode);
    }

    private static List<string> Lines(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Line(random))];
    }

    private static string Line(Random random)
    {
        var line = new StringBuilder();
        for (var words = random.Next(1, 12); words > 0; words--)
        {
            for (var parts = random.Next(1, 5); parts > 0; parts--)
            {
                line.Append(Syllables[(int)(Syllables.Length * random.NextDouble() * random.NextDouble())]); // some far more often than others
            }

            line.Append(' ');
        }

        return line.Append('\n').ToString();
    }
}
