using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace Workbench.Language.Tokenizers.Loading.Legacy;

/// <summary>
/// sentencepiece's <c>tokenizer.model</c>, with the pipeline that transformers' converter has for the tokenizer's class
/// (SpmConverter, LlamaConverter, GemmaConverter, T5Converter).
/// </summary>
internal static class SentencePieceFile
{
    /// <summary>Stands for a space inside pieces (U+2581).</summary>
    private const string Space = "▁";

    public static JsonObject Convert(string file, TokenizerSettings settings)
    {
        SentencePieceModel model;
        try
        {
            model = SentencePieceModel.Parse(File.ReadAllBytes(file));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new TokenizerException($"{file} is no sentencepiece model: {e.Message} Copy the file again.", e);
        }

        if (model.Pieces.Count == 0)
        {
            throw new TokenizerException($"{file} holds no pieces: it is no sentencepiece model. Copy the file again.");
        }

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (piece, id) in model.Pieces.Select((piece, id) => (piece.Text, id)))
        {
            ids.TryAdd(piece, id);
        }

        var pipeline = Pipeline(model, settings, ids);
        pipeline["model"] = model.ModelType switch
        {
            1 => Unigram(model),
            2 => Bpe(model, ids),
            var other => throw new TokenizerException(
                $"{file} is a sentencepiece model of type {other} ({(other == 3 ? "words" : "characters")}); only Unigram and BPE are read, as in transformers."),
        };
        pipeline["added_tokens"] = new JsonArray([.. model.Pieces
            .Select((piece, id) => (piece, id))
            .Where(entry => entry.piece.Type is PieceType.Control or PieceType.UserDefined)
            .Select(entry => TokenizerSettings.Token(entry.id, entry.piece.Text, special: entry.piece.Type == PieceType.Control))]);
        return pipeline;
    }

    /// <summary>Everything but the model, by the tokenizer's class.</summary>
    private static JsonObject Pipeline(SentencePieceModel model, TokenizerSettings settings, Dictionary<string, int> ids)
    {
        int? IdOf(string token) => ids.TryGetValue(token, out var id) ? id : null;
        var prefixed = settings.Flag("add_prefix_space", true);
        // Llama's class is also what a BPE model with byte fallback and no class of its own was made for.
        var kind = settings.TokenizerClass is "" && model is { ModelType: 2, ByteFallback: true } ? "LlamaTokenizer" : settings.TokenizerClass;
        switch (kind)
        {
            case "LlamaTokenizer" or "CodeLlamaTokenizer":
                var legacy = settings.Flag("legacy", true);
                return new JsonObject
                {
                    ["normalizer"] = legacy ? Sequence("normalizers", [.. prefixed ? [Prepend()] : (JsonObject[])[], Replace("String", " ", Space)]) : null,
                    ["pre_tokenizer"] = legacy ? null : Metaspace(prefixed ? "first" : "never", split: false),
                    ["post_processor"] = settings.Template(settings.Flag("add_bos_token", true), settings.Flag("add_eos_token", false), IdOf),
                    ["decoder"] = ByteFallbackDecoder(prefixed),
                };
            case "GemmaTokenizer":
                return new JsonObject
                {
                    ["normalizer"] = Replace("String", " ", Space),
                    ["pre_tokenizer"] = new JsonObject
                    {
                        ["type"] = "Split", ["pattern"] = new JsonObject { ["String"] = " " }, ["behavior"] = "MergedWithPrevious", ["invert"] = false,
                    },
                    ["post_processor"] = settings.Template(settings.Flag("add_bos_token", true), settings.Flag("add_eos_token", false), IdOf),
                    ["decoder"] = ByteFallbackDecoder(strip: false),
                };
            default:
                return new JsonObject
                {
                    ["normalizer"] = Sequence("normalizers",
                    [
                        .. model.PrecompiledCharsmap.Length > 0
                            ? [new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = System.Convert.ToBase64String(model.PrecompiledCharsmap) }]
                            : (JsonObject[])[],
                        new JsonObject { ["type"] = "Strip", ["strip_left"] = false, ["strip_right"] = true },
                        Replace("Regex", " {2,}", Space),
                    ]),
                    ["pre_tokenizer"] = Metaspace(prefixed ? "always" : "never", split: true),
                    ["post_processor"] = settings.Template(
                        settings.Flag("add_bos_token", false), settings.Flag("add_eos_token", kind == "T5Tokenizer"), IdOf),
                    ["decoder"] = Metaspace(prefixed ? "always" : "never", split: true),
                };
        }
    }

    private static JsonObject Unigram(SentencePieceModel model) => new()
    {
        ["type"] = "Unigram",
        ["unk_id"] = model.UnkId,
        ["byte_fallback"] = model.ByteFallback,
        ["vocab"] = new JsonArray([.. model.Pieces.Select(piece => new JsonArray(piece.Text, (double)piece.Score))]),
    };

    private static JsonObject Bpe(SentencePieceModel model, Dictionary<string, int> ids)
    {
        var vocabulary = new JsonObject();
        foreach (var (piece, id) in ids)
        {
            vocabulary[piece] = id;
        }

        // generate_merges of transformers: the highest score first, among equals the longer left, then the longer right part.
        var merges = PieceMerges.Of(ids)
            .OrderByDescending(merge => model.Pieces[ids[merge.Whole]].Score)
            .ThenByDescending(merge => merge.Left.EnumerateRunes().Count())
            .ThenByDescending(merge => merge.Right.EnumerateRunes().Count());
        return new JsonObject
        {
            ["type"] = "BPE",
            ["unk_token"] = model.UnkPiece,
            ["fuse_unk"] = true,
            ["byte_fallback"] = model.ByteFallback,
            ["vocab"] = vocabulary,
            ["merges"] = new JsonArray([.. merges.Select(merge => new JsonArray(merge.Left, merge.Right))]),
        };
    }

    private static JsonObject Sequence(string list, JsonObject[] steps) => new() { ["type"] = "Sequence", [list] = new JsonArray([.. steps]) };

    private static JsonObject Prepend() => new() { ["type"] = "Prepend", ["prepend"] = Space };

    private static JsonObject Replace(string kind, string pattern, string content) => new()
    {
        ["type"] = "Replace", ["pattern"] = new JsonObject { [kind] = pattern }, ["content"] = content,
    };

    private static JsonObject Metaspace(string scheme, bool split) => new()
    {
        ["type"] = "Metaspace", ["replacement"] = Space, ["prepend_scheme"] = scheme, ["split"] = split,
    };

    private static JsonObject ByteFallbackDecoder(bool strip) => Sequence("decoders",
    [
        Replace("String", Space, " "),
        new JsonObject { ["type"] = "ByteFallback" },
        new JsonObject { ["type"] = "Fuse" },
        .. strip ? [new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 }] : (JsonObject[])[],
    ]);
}
