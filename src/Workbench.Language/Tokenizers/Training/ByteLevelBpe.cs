using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Tokenizers.Loading;
using Workbench.Language.Tokenizers.Models;
using Workbench.Language.Tokenizers.PreTokenizers;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Training;

/// <summary>Trains a byte-level BPE tokenizer as GPT-2 has one, digits apart, and writes it as <c>tokenizer.json</c>.</summary>
public static class ByteLevelBpe
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Learns from texts and gives the text of a <c>tokenizer.json</c>.</summary>
    /// <param name="texts">What to learn from.</param>
    /// <param name="vocabularySize">Tokens in all: the special ones, 256 bytes and the merges.</param>
    /// <param name="beginning">Special token that the tokenizer puts before every text; id 0.</param>
    /// <param name="end">Special token that ends a text or a turn; id 1.</param>
    /// <param name="furtherSpecial">More special tokens, from id 2 on.</param>
    /// <param name="minFrequency">How often a pair must occur to become a token.</param>
    /// <param name="progress">Told the number of tokens now and then.</param>
    /// <param name="cancellationToken">Stops between texts and between merges.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size does not hold the special tokens and the bytes.</exception>
    public static string Train(
        IEnumerable<string> texts,
        int vocabularySize,
        string beginning = "<s>",
        string end = "</s>",
        IReadOnlyList<string>? furtherSpecial = null,
        int minFrequency = 2,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        string[] special = [beginning, end, .. furtherSpecial ?? []];
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, special.Length + 256);
        var preTokenizer = JsonSerializer.SerializeToNode(new
        {
            type = "Sequence",
            pretokenizers = new object[]
            {
                new { type = "Digits", individual_digits = true },
                new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            },
        })!;
        var options = new BpeTrainerOptions
        {
            VocabSize = vocabularySize,
            MinFrequency = minFrequency,
            SpecialTokens = special,
            InitialAlphabet = [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.ToCharacter((byte)value))],
        };
        var learnt = BpeTrainer.Train(CountWords(texts, preTokenizer, cancellationToken), options, progress, cancellationToken);
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. special.Select(Special)]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = Beginning(beginning),
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = Model(learnt),
        }.ToJsonString(Readable);
    }

    /// <summary>How often each word of the texts occurs, in byte characters.</summary>
    internal static Dictionary<string, long> CountWords(IEnumerable<string> texts, JsonNode preTokenizer, CancellationToken cancellationToken = default)
    {
        using var configuration = JsonDocument.Parse(preTokenizer.ToJsonString());
        var counter = new WordCounter();
        var chain = new PieceChain(
            PreTokenizerFactory.Create(new ConfigNode(configuration.RootElement, "pre_tokenizer")), 0, counter, new TokenBuffer());
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            chain.Pass(new AlignedText(CodePoints.WellFormed(text)).Whole());
        }

        return counter.Words;
    }

    private static JsonNode Special(string content, int id) => new JsonObject
    {
        ["id"] = id, ["content"] = content, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
    };

    /// <summary>Puts the token, which has id 0, before every text and before every pair.</summary>
    private static JsonObject Beginning(string token)
    {
        JsonObject Part(string kind, string id, int type) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = type } };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Part("SpecialToken", token, 0), Part("Sequence", "A", 0)),
            ["pair"] = new JsonArray(Part("SpecialToken", token, 0), Part("Sequence", "A", 0), Part("Sequence", "B", 1)),
            ["special_tokens"] = new JsonObject
            {
                [token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(0), ["tokens"] = new JsonArray(token) },
            },
        };
    }

    private static JsonObject Model(LearntMerges learnt)
    {
        var vocabulary = new JsonObject();
        for (var id = 0; id < learnt.Tokens.Count; id++)
        {
            vocabulary[learnt.Tokens[id]] = id;
        }

        return new JsonObject
        {
            ["type"] = "BPE", ["dropout"] = null, ["unk_token"] = null, ["continuing_subword_prefix"] = null, ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false, ["byte_fallback"] = false, ["ignore_merges"] = false, ["vocab"] = vocabulary,
            ["merges"] = new JsonArray([.. learnt.Merges.Select(merge => new JsonArray(merge.Left, merge.Right))]),
        };
    }

    /// <summary>Stands where the model would, and counts what it would be given.</summary>
    private sealed class WordCounter : TokenModel
    {
        private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _counts;

        public WordCounter() => _counts = Words.GetAlternateLookup<ReadOnlySpan<char>>();

        public Dictionary<string, long> Words { get; } = new(StringComparer.Ordinal);

        public override Vocabulary Vocabulary => throw new NotSupportedException("A counter has no vocabulary.");

        public override void Tokenize(in Slice piece, TokenBuffer output) =>
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, piece.Span, out _)++;
    }
}
