using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services;

/// <summary>What a chat template is given besides the messages.</summary>
internal static class TemplateVariables
{
    /// <summary>The special tokens as a template sees them.</summary>
    public static Dictionary<string, string?> SpecialTokens(PretrainedTokenizer tokenizer) =>
        tokenizer.SpecialTokens.ToDictionary(token => token.Key, token => (string?)token.Value, StringComparer.Ordinal);

    /// <summary>The variables with add_generation_prompt, unless they say themselves how the rendering ends.</summary>
    public static JsonElement WithGenerationPrompt(JsonElement? kwargs, bool add = true)
    {
        var named = kwargs is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given)! : [];
        if (!named.ContainsKey("add_generation_prompt") && !named.ContainsKey("continue_final_message"))
        {
            named["add_generation_prompt"] = add;
        }

        return JsonSerializer.SerializeToElement(named);
    }
}
