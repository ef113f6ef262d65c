using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Language.Tokenizers.Loading.Legacy;

/// <summary><c>vocab.txt</c>: BERT's WordPiece, a token a line, its line number the id (transformers' BertConverter).</summary>
internal static class WordPieceFile
{
    public static JsonObject Convert(string file, TokenizerSettings settings)
    {
        var vocabulary = new JsonObject();
        var id = 0;
        foreach (var line in File.ReadLines(file))
        {
            if (!vocabulary.TryAdd(line, id))
            {
                throw new TokenizerException(string.Create(
                    CultureInfo.InvariantCulture, $"{file}: line {id + 1} repeats \"{line}\". Copy the file again, or remove one of the two."));
            }

            id++;
        }

        var unknown = settings.SpecialToken("unk_token") ?? "[UNK]";
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(Special(settings, vocabulary, unknown)),
            ["normalizer"] = new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = settings.Flag("tokenize_chinese_chars", true),
                ["strip_accents"] = settings.OptionalFlag("strip_accents"),
                ["lowercase"] = settings.Flag("do_lower_case", true),
            },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "BertProcessing",
                ["sep"] = Named(file, vocabulary, settings.SpecialToken("sep_token") ?? "[SEP]"),
                ["cls"] = Named(file, vocabulary, settings.SpecialToken("cls_token") ?? "[CLS]"),
            },
            ["decoder"] = new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true },
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = unknown,
                ["continuing_subword_prefix"] = "##",
                ["max_input_chars_per_word"] = 100,
                ["vocab"] = vocabulary,
            },
        };
    }

    /// <summary>BERT's own special tokens are added tokens wherever the vocabulary has them, said or not.</summary>
    private static JsonNode[] Special(TokenizerSettings settings, JsonObject vocabulary, string unknown)
    {
        string[] names = ["pad_token", "cls_token", "sep_token", "mask_token"];
        string[] usual = ["[PAD]", "[CLS]", "[SEP]", "[MASK]"];
        return
        [
            .. names.Select((name, i) => settings.SpecialToken(name) ?? usual[i]).Prepend(unknown).Distinct()
                .Where(token => vocabulary.ContainsKey(token))
                .Select(token => (JsonNode)TokenizerSettings.Token(vocabulary[token]!.GetValue<int>(), token, special: true)),
        ];
    }

    private static JsonArray Named(string file, JsonObject vocabulary, string token) => vocabulary[token] is { } id
        ? new JsonArray(token, id.GetValue<int>())
        : throw new TokenizerException($"{file} has no {token}, which a text is put between. Add it, or name another in tokenizer_config.json.");
}
