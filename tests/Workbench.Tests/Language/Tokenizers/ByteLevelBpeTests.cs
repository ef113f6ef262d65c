using System.Text.Json;
using Workbench.Language.Tokenizers;
using Workbench.Language.Tokenizers.Training;

namespace Workbench.Tests.Language.Tokenizers;

public sealed class ByteLevelBpeTests
{
    /// <summary>The worked example of Sennrich, Haddow and Birch (2016): low ×5, lower ×2, newest ×6, widest ×3.</summary>
    private static readonly string[] Example =
        [.. Repeat("low", 5), .. Repeat("lower", 2), .. Repeat("newest", 6), .. Repeat("widest", 3)];

    [Fact]
    public void Merges_follow_the_counts_and_ties_go_to_the_smaller_ids()
    {
        // By hand: es 9, then est 9; lo 7, low 7; of the pairs of newest (6 each) first "e w", whose left id is smaller, then
        // "n ew", then "new est"; of the pairs of widest (3 each) first "d est", then "i dest", then "w idest".
        string[] expected = ["e s", "es t", "l o", "lo w", "e w", "n ew", "new est", "d est", "i dest", "w idest"];

        Assert.Equal(expected, Merges(ByteLevelBpe.Train(Example, vocabularySize: 2 + 256 + expected.Length)));
    }

    [Fact]
    public void Nothing_is_learnt_from_a_pair_that_occurs_once()
    {
        Assert.Empty(Merges(ByteLevelBpe.Train(["ab"], vocabularySize: 300)));
    }

    [Fact]
    public void What_was_trained_encodes_and_gives_every_text_back()
    {
        var tokenizer = Tokenizer.Parse(ByteLevelBpe.Train(Example, vocabularySize: 268));

        Assert.Equal(["<s>", "newest", "low"], tokenizer.Encode("newestlow").Tokens);
        Assert.Equal("7 × 8 = 56, 你好 🦦\n", tokenizer.Decode(tokenizer.Encode("7 × 8 = 56, 你好 🦦\n").Ids, skipSpecialTokens: true));
        Assert.Equal(["<s>", "5", "6", "</s>"], tokenizer.Encode("56</s>").Tokens);
    }

    [Fact]
    public void A_vocabulary_without_room_for_the_bytes_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteLevelBpe.Train(Example, vocabularySize: 257));
    }

    private static IEnumerable<string> Repeat(string word, int times) => Enumerable.Repeat(word, times);

    private static IEnumerable<string> Merges(string tokenizerJson)
    {
        using var json = JsonDocument.Parse(tokenizerJson);
        return [.. json.RootElement.GetProperty("model").GetProperty("merges").EnumerateArray().Select(pair => $"{pair[0]} {pair[1]}")];
    }
}
