using System.Runtime.InteropServices;

namespace Workbench.Language.Tokenizers.Training;

/// <summary>What a BPE trainer can be told; names and meaning as in Hugging Face tokenizers' <c>BpeTrainer</c>.</summary>
internal sealed record BpeTrainerOptions
{
    /// <summary>Tokens in all, the special ones and the alphabet included.</summary>
    public int VocabSize { get; init; } = 30_000;

    /// <summary>How often a pair must occur to be merged.</summary>
    public int MinFrequency { get; init; }

    /// <summary>Take the first ids.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>Characters that become tokens whether or not the text has them.</summary>
    public IReadOnlyList<char> InitialAlphabet { get; init; } = [];

    /// <summary>Characters that a token has fewer than; null for any number.</summary>
    public int? MaxTokenLength { get; init; }
}

/// <summary>
/// Learns the merges of byte-pair encoding: again and again the pair of neighbouring tokens that occurs most often becomes a
/// token of its own (Sennrich, Haddow, Birch: "Neural Machine Translation of Rare Words with Subword Units", 2016). Ties go to
/// the pair with the smaller ids, as in Hugging Face tokenizers.
/// </summary>
/// <remarks>
/// A merge touches only the words that hold its pair: counts are kept up to date by what changed there, and the queue's entries
/// are corrected when they come up, as Hugging Face does it. The order in which words are given does not matter.
/// </remarks>
internal sealed class BpeTrainer
{
    private readonly BpeTrainerOptions _options;
    private readonly List<string> _tokens = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<Pair, long> _counts = [];
    private readonly Dictionary<Pair, List<int>> _places = []; // words that a pair came into since the queue last heard of it
    private readonly PriorityQueue<List<int>, Candidate> _queue = new();
    private readonly List<(Pair Pair, int By)> _changes = [];

    private BpeTrainer(BpeTrainerOptions options) => _options = options;

    internal readonly record struct Pair(int Left, int Right) : IComparable<Pair>
    {
        public int CompareTo(Pair other) => Left != other.Left ? Left.CompareTo(other.Left) : Right.CompareTo(other.Right);
    }

    /// <summary>Comes first in the queue the oftener the pair occurs, then the smaller its ids are.</summary>
    private readonly record struct Candidate(Pair Pair, long Count) : IComparable<Candidate>
    {
        public int CompareTo(Candidate other) => Count != other.Count ? other.Count.CompareTo(Count) : Pair.CompareTo(other.Pair);
    }

    /// <summary>Learns a vocabulary over the characters of words.</summary>
    /// <param name="words">How often each pre-tokenised word occurs; of characters of the Basic Multilingual Plane, as byte characters are.</param>
    /// <param name="options">What to learn.</param>
    /// <param name="progress">Told the number of tokens now and then.</param>
    /// <param name="cancellationToken">Stops between two merges.</param>
    public static LearntMerges Train(
        IReadOnlyDictionary<string, long> words, BpeTrainerOptions options, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var trainer = new BpeTrainer(options);
        foreach (var token in options.SpecialTokens)
        {
            trainer.IdOf(token);
        }

        foreach (var character in words.Keys.SelectMany(word => word).Concat(options.InitialAlphabet).Distinct().Order())
        {
            trainer.IdOf(character.ToString());
        }

        return trainer.Learn(words, progress, cancellationToken);
    }

    private LearntMerges Learn(IReadOnlyDictionary<string, long> counted, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var words = counted.Select(word => (Word: TrainingWord.Of(word.Key, character => _ids[character.ToString()]), Count: word.Value)).ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            words[i].Word.AddPairs(_changes);
            Apply(i, words[i].Count);
        }

        Enqueue();
        var merges = new List<(string Left, string Right)>();
        while (_tokens.Count < _options.VocabSize && _queue.TryDequeue(out var places, out var top))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_counts[top.Pair] is var count && count != top.Count)
            {
                _queue.Enqueue(places, top with { Count = count });
                continue;
            }

            if (count < 1 || count < _options.MinFrequency)
            {
                break;
            }

            var (left, right) = (_tokens[top.Pair.Left], _tokens[top.Pair.Right]);
            var merged = IdOf(left + right);
            merges.Add((left, right));
            foreach (var place in places)
            {
                words[place].Word.Merge(top.Pair, merged, _options.MaxTokenLength ?? int.MaxValue, _changes);
                Apply(place, words[place].Count);
            }

            Enqueue();
            if (merges.Count % 256 == 0)
            {
                progress?.Report(_tokens.Count);
            }
        }

        return new LearntMerges(_tokens, merges);
    }

    private int IdOf(string token)
    {
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, token, out var known);
        if (!known)
        {
            id = _tokens.Count;
            _tokens.Add(token);
        }

        return id;
    }

    /// <summary>Counts what changed in a word, and notes where new pairs stand.</summary>
    private void Apply(int word, long times)
    {
        foreach (var (pair, by) in _changes)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += by * times;
            if (by > 0)
            {
                ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, pair, out _);
                places ??= [];
                if (places.Count == 0 || places[^1] != word)
                {
                    places.Add(word);
                }
            }
        }

        _changes.Clear();
    }

    private void Enqueue()
    {
        foreach (var (pair, places) in _places)
        {
            if (_counts[pair] is > 0 and var count)
            {
                _queue.Enqueue(places, new Candidate(pair, count));
            }
        }

        _places.Clear();
    }
}

/// <summary>What <see cref="BpeTrainer"/> learnt.</summary>
/// <param name="Tokens">The vocabulary, by id.</param>
/// <param name="Merges">The merges, the first learnt first.</param>
internal sealed record LearntMerges(IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges);
