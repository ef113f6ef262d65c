using Workbench.Language.Tokenizers.Patterns;

namespace Workbench.Language.Tokenizers.Loading;

/// <summary>Reads <c>{"String": …}</c> and <c>{"Regex": …}</c>.</summary>
internal static class PatternFactory
{
    public static TextPattern Create(ConfigNode node)
    {
        var literal = node.Object()["String"];
        if (!literal.IsNull)
        {
            var text = literal.String();
            return text.Length > 0 ? new LiteralPattern(text) : RegexPattern.Parse("");
        }

        var regex = node["Regex"];
        if (regex.IsNull)
        {
            throw node.Fail("expected {\"String\": …} or {\"Regex\": …}.");
        }

        try
        {
            return KnownPatterns.Find(regex.String()) ?? RegexPattern.Parse(regex.String());
        }
        catch (FormatException e)
        {
            throw regex.Fail($"the pattern cannot be used: {e.Message}. Rewrite it without that construct.");
        }
    }
}
