using System.Text.RegularExpressions;

namespace Workbench.Web.Services;

/// <summary>Which files make a model's or an adapter's folder; everything else of a repository or an upload is left where it is.</summary>
public static partial class ModelFiles
{
    /// <summary>Whether a file of that path, with <c>/</c> between its parts, is one that the workbench reads or that belongs to the model, such as its card and licence.</summary>
    public static bool Belongs(string path) => Wanted().IsMatch(path);

    /// <summary>Whether the file holds weights in the one format that cannot run a program when it is read.</summary>
    public static bool IsSafetensors(string path) => Belongs(path) && path.EndsWith(".safetensors", StringComparison.Ordinal);

    /// <summary>Whether the file holds weights as a Python pickle, which can run any program when it is read.</summary>
    public static bool IsPickle(string path) => Pickle().IsMatch(path);

    /// <summary>Why weights of that kind are not taken.</summary>
    /// <param name="file">One of them.</param>
    /// <param name="place">Where it is.</param>
    public static UserInputException PickleRefused(string file, string place) => new(
        $"The weights are a Python pickle ({file}), which can run any program when it is read: it is not taken.",
        "Look for safetensors weights: another revision (on the Hub often refs/pr/1), another upload of the model; or convert it where you trust it: "
        + "AutoModelForCausalLM.from_pretrained(folder).save_pretrained(new_folder, safe_serialization=True).", place);

    // consolidated.safetensors is Mistral's own layout of the very same weights: it would double the download.
    [GeneratedRegex(
        @"^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template|adapter_config|model\.safetensors\.index)\.json$"
        + @"|^(merges\.txt|tokenizer\.model|chat_template\.jinja|additional_chat_templates/[\w.-]+\.jinja|README\.md|(LICENSE|LICENCE|NOTICE)(\.txt|\.md)?)$"
        + @"|^(model|model-\d{5}-of-\d{5}|adapter_model)\.safetensors$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Wanted();

    [GeneratedRegex(@"^(pytorch_model|adapter_model|model|consolidated)[\w.-]*\.(bin|pt|pth|ckpt)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Pickle();
}
