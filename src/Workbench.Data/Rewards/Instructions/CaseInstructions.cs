using System.Text.RegularExpressions;
using Workbench.Data.Filters;

namespace Workbench.Data.Rewards.Instructions;

/// <summary>IFEval's instructions about case and language.</summary>
internal static partial class CaseInstructions
{
    /// <summary>So many words are written in capitals only.</summary>
    public static bool CapitalWords(string answer, InstructionArguments arguments) =>
        arguments.Holds(Word().Matches(answer).Count(word => IsUpper(word.Value)), "capital_relation", "capital_frequency");

    public static bool AllCapital(string answer, InstructionArguments arguments) => IsUpper(answer) && IsEnglish(answer.ToLowerInvariant());

    public static bool AllLower(string answer, InstructionArguments arguments) =>
        answer.Any(char.IsLower) && !answer.Any(character => char.IsUpper(character) || char.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.TitlecaseLetter)
        && IsEnglish(answer);

    /// <summary>The answer is in the language of that code.</summary>
    /// <exception cref="RewardException">A language that cannot be told.</exception>
    public static bool ResponseLanguage(string answer, InstructionArguments arguments)
    {
        var wanted = arguments.Text("language");
        return LanguageIdentifier.Languages.Contains(wanted)
            ? LanguageIdentifier.Identify(answer).Code is var code && (code == wanted || code == "und")
            : throw new RewardException($"ifeval: the language \"{wanted}\" cannot be told. Languages: {string.Join(", ", LanguageIdentifier.Languages)}.");
    }

    /// <summary>As Python's str.isupper: some cased letter, and no lower-case one.</summary>
    private static bool IsUpper(string text) => text.Any(char.IsUpper) && !text.Any(char.IsLower);

    /// <summary>The published checker takes an answer whose language cannot be told for one that is right.</summary>
    private static bool IsEnglish(string text) => LanguageIdentifier.Identify(text).Code is "en" or "und";

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:[-'’.&][\p{L}\p{N}]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
