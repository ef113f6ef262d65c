using Workbench.Language.Tokenizers.Loading;

namespace Workbench.Language.Tokenizers;

/// <summary>What a tokenizer is made of, under the names of tokenizer.json; a sequence as its steps, "none" where there is nothing.</summary>
public sealed record TokenizerComponents(string Model, string Normalizer, string PreTokenizer, string PostProcessor, string Decoder)
{
    internal static TokenizerComponents Of(ConfigNode root) => new(
        root["model"]["type"].IsNull ? "BPE" : root["model"].Type,
        Steps(root["normalizer"], "normalizers"),
        Steps(root["pre_tokenizer"], "pretokenizers"),
        Steps(root["post_processor"], "processors"),
        Steps(root["decoder"], "decoders"));

    private static string Steps(ConfigNode node, string list) =>
        node.IsNull ? "none"
        : node.Type == "Sequence" ? string.Join(" → ", node[list].Items().Select(step => Steps(step, list)))
        : node.Type;
}
