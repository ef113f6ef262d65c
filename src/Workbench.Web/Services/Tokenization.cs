using System.Text.Json;
using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services;

/// <summary>Text to ids: what <c>workbench tokenize</c> and POST /api/tokenize do with one input.</summary>
/// <param name="tokenizer">Whose vocabulary.</param>
/// <param name="AddSpecialTokens">Whether the tokenizer adds its own (a beginning of sequence …).</param>
/// <param name="Offsets">Whether to tell where in the text each token lies, in code points.</param>
/// <param name="Decode">Whether to tell what the ids read back as.</param>
/// <param name="ToLength">Whether to cut and fill as the file's own truncation and padding say.</param>
internal sealed record Tokenization(
    Tokenizer Tokenizer, bool AddSpecialTokens = true, bool Offsets = false, bool Decode = false, bool ToLength = false)
{
    /// <summary>Writes <c>{"ids","offsets","decoded"}</c> for a JSON string or <c>{"text","pair"}</c>.</summary>
    /// <exception cref="UserInputException">The input is neither.</exception>
    public void Write(JsonElement input, Utf8JsonWriter json)
    {
        var (text, pair) = Read(input);
        var encoding = ToLength ? Tokenizer.EncodeToLength(text, pair, AddSpecialTokens)
            : pair is null ? Tokenizer.Encode(text, AddSpecialTokens) : Tokenizer.Encode(text, pair, AddSpecialTokens);
        json.WriteStartObject();
        JsonArrays.Write(json, "ids", encoding.Ids);
        if (Offsets)
        {
            JsonArrays.Write(json, "offsets", encoding.Offsets);
        }

        if (Decode)
        {
            json.WriteString("decoded", Tokenizer.Decode(encoding.Ids));
        }

        json.WriteEndObject();
    }

    private static (string Text, string? Pair) Read(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String)
        {
            return (input.GetString()!, null);
        }

        if (input.ValueKind == JsonValueKind.Object
            && input.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
        {
            return (text.GetString()!, input.TryGetProperty("pair", out var pair) && pair.ValueKind == JsonValueKind.String ? pair.GetString() : null);
        }

        throw new UserInputException("The input is neither a JSON string nor an object with a text.", "Give \"some text\" or {\"text\":\"some text\"}.");
    }
}
