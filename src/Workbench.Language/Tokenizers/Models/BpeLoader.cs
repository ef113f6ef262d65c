using System.Text.Json;
using Workbench.Language.Tokenizers.Loading;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>Reads a BPE model from tokenizer.json.</summary>
internal static class BpeLoader
{
    public static BpeModel Load(ConfigNode node)
    {
        var dropout = node["dropout"];
        if (!dropout.IsNull && (dropout.Element.ValueKind != JsonValueKind.Number || dropout.Element.GetDouble() != 0))
        {
            throw dropout.Fail("dropout makes ids random. Set it to null.");
        }

        var options = new BpeOptions
        {
            UnkToken = node["unk_token"].OptionalString(),
            FuseUnk = node["fuse_unk"].Bool(false),
            ByteFallback = node["byte_fallback"].Bool(false),
            IgnoreMerges = node["ignore_merges"].Bool(false),
            ContinuingSubwordPrefix = node["continuing_subword_prefix"].OptionalString() ?? "",
            EndOfWordSuffix = node["end_of_word_suffix"].OptionalString() ?? "",
        };
        var vocabulary = Vocabulary.FromObject(node["vocab"]);
        return new BpeModel(vocabulary, ReadMerges(node["merges"], vocabulary, options.ContinuingSubwordPrefix.Length), options);
    }

    private static MergeTable ReadMerges(ConfigNode node, Vocabulary vocabulary, int prefixLength)
    {
        if (node.Element.ValueKind != JsonValueKind.Array)
        {
            throw node.Fail("expected a list of merges.");
        }

        var count = node.Element.GetArrayLength();
        Vocabulary.CheckSize(node, count);
        var table = new MergeTable(count);
        var rank = 0;
        var buffer = new char[256];
        foreach (var merge in node.Element.EnumerateArray())
        {
            var (left, right) = Split(merge) ?? throw At(rank, "expected two tokens, as \"a b\" or [\"a\", \"b\"].");
            var tail = right.AsSpan(Math.Min(prefixLength, right.Length));
            if (buffer.Length < left.Length + tail.Length)
            {
                buffer = new char[2 * (left.Length + tail.Length)];
            }

            left.CopyTo(buffer);
            tail.CopyTo(buffer.AsSpan(left.Length));
            var merged = buffer.AsSpan(0, left.Length + tail.Length);
            table.Add(Id(left, rank), Id(right, rank), rank, Id(merged, rank));
            rank++;
        }

        return table;

        int Id(ReadOnlySpan<char> token, int index) => vocabulary.TryGetId(token, out var id)
            ? id
            : throw At(index, $"the token \"{token}\" is not in the vocabulary. Add it to model.vocab or remove this merge.");

        TokenizerException At(int index, string problem) => TokenizerException.At($"{node.Path}[{index}]", problem);
    }

    private static (string Left, string Right)? Split(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.String)
        {
            var text = merge.GetString()!;
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            return space < 0 || text.IndexOf(' ', space + 1) >= 0 ? null : (text[..space], text[(space + 1)..]);
        }

        return merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2
            && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String
            ? (merge[0].GetString()!, merge[1].GetString()!)
            : null;
    }
}
