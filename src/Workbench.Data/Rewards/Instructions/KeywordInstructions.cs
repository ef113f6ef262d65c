using System.Text.RegularExpressions;

namespace Workbench.Data.Rewards.Instructions;

/// <summary>IFEval's instructions about words and letters that must or must not occur.</summary>
internal static class KeywordInstructions
{
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>All keywords occur.</summary>
    public static bool Existence(string answer, InstructionArguments arguments) =>
        arguments.Texts("keywords").All(keyword => answer.Contains(keyword, StringComparison.OrdinalIgnoreCase));

    /// <summary>A keyword occurs so often, within words too.</summary>
    public static bool Frequency(string answer, InstructionArguments arguments) =>
        arguments.Holds(Regex.Count(answer, Regex.Escape(arguments.Text("keyword")), AnyCase), "relation", "frequency");

    /// <summary>None of the words occurs as a word of its own.</summary>
    public static bool ForbiddenWords(string answer, InstructionArguments arguments) =>
        !arguments.Texts("forbidden_words").Any(word => Regex.IsMatch(answer, $@"\b{Regex.Escape(word)}\b", AnyCase));

    /// <summary>A letter occurs so often.</summary>
    public static bool LetterFrequency(string answer, InstructionArguments arguments)
    {
        var letter = arguments.Text("letter").ToLowerInvariant();
        return letter.Length == 1
            ? arguments.Holds(answer.ToLowerInvariant().Count(character => character == letter[0]), "let_relation", "let_frequency")
            : throw new RewardException("ifeval: keywords:letter_frequency needs one letter under \"letter\".");
    }
}
