using Workbench.Language.Tokenizers.Loading;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>Builds models from tokenizer.json; the list of what exists.</summary>
internal static class ModelFactory
{
    public static TokenModel Create(ConfigNode node)
    {
        if (node.IsNull)
        {
            throw node.Fail("a tokenizer needs a model. Copy the file again.");
        }

        return (node["type"].OptionalString() ?? Guess(node)) switch
        {
            "BPE" => BpeLoader.Load(node),
            "Unigram" => UnigramModel.Load(node),
            "WordPiece" => new WordPieceModel(node),
            "WordLevel" => new WordLevelModel(node),
            var other => throw node["type"].Fail($"the model \"{other}\" is unknown. Use a tokenizer with BPE, Unigram, WordPiece or WordLevel."),
        };
    }

    /// <summary>Files from before <c>type</c> was written tell their model by its fields.</summary>
    private static string Guess(ConfigNode node) =>
        !node["merges"].IsNull ? "BPE"
        : !node["unk_id"].IsNull || node["vocab"].Element.ValueKind == System.Text.Json.JsonValueKind.Array ? "Unigram"
        : !node["continuing_subword_prefix"].IsNull ? "WordPiece"
        : "WordLevel";
}
