using System.Runtime.InteropServices;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Training;

/// <summary>
/// Learns the merges of byte-pair encoding: again and again the pair of neighbouring tokens that occurs most often becomes a
/// token of its own (Sennrich, Haddow, Birch: "Neural Machine Translation of Rare Words with Subword Units", 2016). Ties go to
/// the pair with the smaller ids, as in Hugging Face tokenizers.
/// </summary>
/// <remarks>Every count is taken anew for each merge: slow for large texts, and short.</remarks>
internal static class BpeTrainer
{
    /// <summary>Learns a vocabulary over byte characters.</summary>
    /// <param name="words">How often each pre-tokenised word occurs, written in byte characters.</param>
    /// <param name="specialTokens">Take the first ids.</param>
    /// <param name="vocabularySize">Tokens in all; fewer where no pair is left that occurs twice.</param>
    public static LearntMerges Train(
        IReadOnlyDictionary<string, long> words, IReadOnlyList<string> specialTokens, int vocabularySize)
    {
        List<string> tokens = [.. specialTokens];
        var ids = tokens.Select((token, id) => (token, id)).ToDictionary(entry => entry.token, entry => entry.id, StringComparer.Ordinal);
        int IdOf(string token)
        {
            ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(ids, token, out var known);
            if (!known)
            {
                id = tokens.Count;
                tokens.Add(token);
            }

            return id;
        }

        foreach (var character in Enumerable.Range(0, 256).Select(value => ByteAlphabet.ToCharacter((byte)value)).Order())
        {
            IdOf(character.ToString());
        }

        var counted = words.Select(word => (Ids: word.Key.Select(character => ids[character.ToString()]).ToList(), Count: word.Value)).ToArray();
        var merges = new List<(string Left, string Right)>();
        while (tokens.Count < vocabularySize && MostFrequentPair(counted) is var (left, right))
        {
            merges.Add((tokens[left], tokens[right]));
            var merged = IdOf(tokens[left] + tokens[right]);
            foreach (var (word, _) in counted)
            {
                Merge(word, left, right, merged);
            }
        }

        return new LearntMerges(tokens, merges);
    }

    private static (int Left, int Right)? MostFrequentPair((List<int> Ids, long Count)[] words)
    {
        var counts = new Dictionary<(int, int), long>();
        foreach (var (word, count) in words)
        {
            for (var i = 1; i < word.Count; i++)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, (word[i - 1], word[i]), out _) += count;
            }
        }

        ((int, int) Pair, long Count) best = (default, 1);
        foreach (var (pair, count) in counts)
        {
            if (count > best.Count || (count == best.Count && count > 1 && pair.CompareTo(best.Pair) < 0))
            {
                best = (pair, count);
            }
        }

        return best.Count > 1 ? best.Pair : null;
    }

    private static void Merge(List<int> word, int left, int right, int merged)
    {
        for (var i = 0; i + 1 < word.Count; i++)
        {
            if (word[i] == left && word[i + 1] == right)
            {
                word[i] = merged;
                word.RemoveAt(i + 1);
            }
        }
    }
}

/// <summary>What <see cref="BpeTrainer"/> learnt.</summary>
/// <param name="Tokens">The vocabulary, by id.</param>
/// <param name="Merges">The merges, the first learnt first.</param>
internal sealed record LearntMerges(IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges);
