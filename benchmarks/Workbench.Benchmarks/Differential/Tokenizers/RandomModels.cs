using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>Small models of each kind, whose tokens are pieces of words from the grammar of <see cref="RandomTexts"/>.</summary>
internal sealed class RandomModels(Random random)
{
    private const int Words = 150;
    private readonly List<string> _tokens = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <param name="bytes">A byte-level BPE model, which knows every byte.</param>
    /// <param name="count">How many tokens it has.</param>
    public JsonObject Next(bool bytes, out int count)
    {
        Add("<unk>");
        var model = bytes ? Bpe(bytes: true) : random.Next(5) switch
        {
            0 or 1 => Bpe(bytes: false),
            2 => Unigram(),
            3 => WordPiece(),
            _ => WordLevel(),
        };
        count = _tokens.Count;
        return model;
    }

    /// <summary>A token for each byte and nothing else.</summary>
    public static JsonObject Bytes()
    {
        var vocabulary = new JsonObject(Enumerable.Range(0, 256).Select(b => KeyValuePair.Create(ByteCharacter(b).ToString(), (JsonNode?)b)));
        return new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() };
    }

    private JsonObject Bpe(bool bytes)
    {
        var prefix = !bytes && random.Next(5) == 0 ? "##" : "";
        var suffix = !bytes && random.Next(5) == 0 ? "</w>" : "";
        var words = Sample().Select(word => Symbols(bytes ? InBytes(word) : word, prefix, suffix)).Where(symbols => symbols.Count > 0).ToList();
        var byteFallback = AddByteFallback();
        if (bytes)
        {
            for (var b = 0; b < 256; b++)
            {
                Add(ByteCharacter(b).ToString());
            }
        }

        // Some characters stay out of the vocabulary: they become unknown, bytes, or nothing.
        words.RemoveAll(word => !bytes && word.Exists(symbol => symbol.Length > 0 && symbol[^1] % 17 == 3));
        words.ForEach(word => word.ForEach(Add));
        var merges = new JsonArray();
        var asPairs = random.Next(2) == 0;
        for (var round = 0; round < 400 && words.Count > 0; round++)
        {
            var word = words[random.Next(words.Count)];
            if (word.Count < 2)
            {
                continue;
            }

            var at = random.Next(word.Count - 1);
            var (left, right) = (word[at], word[at + 1]);
            var merged = left + right[Math.Min(prefix.Length, right.Length)..];
            if (!_known.Contains(merged) || random.Next(4) == 0)
            {
                merges.Add(asPairs || left.Contains(' ') || right.Contains(' ') ? new JsonArray(left, right) : $"{left} {right}");
            }

            Add(merged);
            word[at] = merged;
            word.RemoveAt(at + 1);
        }

        if (merges.Any(merge => merge is JsonArray))
        {
            merges = [.. merges.Select(merge => merge is JsonArray ? merge.DeepClone() : (JsonNode)new JsonArray([.. merge!.GetValue<string>().Split(' ').Select(part => (JsonNode)part)]))];
        }

        return new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = random.Next(3) == 0 ? null : "<unk>",
            ["continuing_subword_prefix"] = prefix.Length == 0 ? null : prefix,
            ["end_of_word_suffix"] = suffix.Length == 0 ? null : suffix,
            ["fuse_unk"] = random.Next(2) == 0,
            ["byte_fallback"] = byteFallback,
            ["ignore_merges"] = random.Next(3) == 0,
            ["vocab"] = Vocabulary(),
            ["merges"] = merges,
        };
    }

    private JsonObject Unigram()
    {
        var byteFallback = AddByteFallback();
        AddPieces("");
        return new JsonObject
        {
            ["type"] = "Unigram",
            ["unk_id"] = 0,
            ["byte_fallback"] = byteFallback,
            ["vocab"] = new JsonArray([.. _tokens.Select(token => (JsonNode)new JsonArray(token, -Math.Round(random.NextDouble() * 12, random.Next(1, 6))))]),
        };
    }

    private JsonObject WordPiece()
    {
        var prefix = random.Next(4) switch { 0 => "@@", 1 => "", _ => "##" };
        AddPieces(prefix);
        return new JsonObject
        {
            ["type"] = "WordPiece",
            ["unk_token"] = "<unk>",
            ["continuing_subword_prefix"] = prefix,
            ["max_input_chars_per_word"] = random.Next(3) == 0 ? 6 : 100,
            ["vocab"] = Vocabulary(),
        };
    }

    private JsonObject WordLevel()
    {
        AddPieces("");
        return new JsonObject { ["type"] = "WordLevel", ["unk_token"] = "<unk>", ["vocab"] = Vocabulary() };
    }

    private void AddPieces(string continuing)
    {
        foreach (var word in Sample())
        {
            foreach (var rune in word.EnumerateRunes().Where(rune => rune.Value % 17 != 3))
            {
                Add(rune.ToString());
                Add(continuing + rune);
            }

            Add(word);
            var from = random.Next(word.Length);
            var piece = word.Substring(from, random.Next(1, word.Length - from + 1));
            if (!char.IsLowSurrogate(piece[0]) && !char.IsHighSurrogate(piece[^1]))
            {
                Add(from == 0 ? piece : continuing + piece);
            }
        }
    }

    private IEnumerable<string> Sample()
    {
        var texts = new RandomTexts(random, []);
        for (var i = 0; i < Words; i++)
        {
            var word = random.Next(4) == 0 ? texts.Word() : Common[random.Next(Common.Length)];
            word = random.Next(4) switch { 0 => word.ToLowerInvariant(), 1 => word.Normalize(NormalizationForm.FormD), _ => word };
            yield return random.Next(3) switch { 0 => "▁" + word, 1 => " " + word, _ => word };
        }
    }

    private static readonly string[] Common =
        ["the", "The", "don't", "I'LL", "we're", "naïve", "straße", "fin", "a_b", "C++", "e-mail", "3.14", "x2", "\n\n", "  ", "...", "--", "日本", "カナ", "русский", "한국", "👍🏽", "🇩🇪", "12", "<s>", "<|im_start|>", "user", "</w>", "ab", "abc"];

    private static List<string> Symbols(string word, string prefix, string suffix)
    {
        var symbols = word.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        for (var i = 1; i < symbols.Count; i++)
        {
            symbols[i] = prefix + symbols[i];
        }

        if (symbols.Count > 0)
        {
            symbols[^1] += suffix;
        }

        return symbols;
    }

    private bool AddByteFallback()
    {
        if (random.Next(3) > 0)
        {
            return random.Next(8) == 0;
        }

        var gap = random.Next(3) == 0 ? random.Next(256) : -1;
        for (var b = 0; b < 256; b++)
        {
            if (b != gap)
            {
                Add(string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>"));
            }
        }

        return true;
    }

    private JsonObject Vocabulary() => new(_tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)));

    private void Add(string token)
    {
        if (_known.Add(token))
        {
            _tokens.Add(token);
        }
    }

    private static string InBytes(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => ByteCharacter(b)));

    /// <summary>GPT-2's bytes_to_unicode: printable bytes stand for themselves, the others come from 256 on.</summary>
    private static char ByteCharacter(int value)
    {
        static bool Printable(int b) => b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
        return (char)(Printable(value) ? value : 256 + Enumerable.Range(0, value).Count(b => !Printable(b)));
    }
}
