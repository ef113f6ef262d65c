using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services.Chat;

/// <summary>Single tokens as people read them.</summary>
internal static class TokenTexts
{
    /// <summary>What the token says; one that is no whole character, or special, as the vocabulary spells it.</summary>
    public static string Of(Tokenizer tokenizer, int id)
    {
        var spelling = tokenizer.IdToToken(id) ?? "";
        if (tokenizer.IsSpecial(id))
        {
            return spelling;
        }

        var text = tokenizer.Decode([id]);
        // Sentencepiece drops the first space of a text, which is the only one here.
        return text.Length == 0 || text.Contains('\uFFFD', StringComparison.Ordinal) ? spelling
            : spelling.StartsWith('\u2581') && !text.StartsWith(' ') ? " " + text : text;
    }
}
