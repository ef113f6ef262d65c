namespace Workbench.Data.Rewards.Instructions;

/// <summary>
/// Table 1 of Zhou et al. 2023, Instruction-Following Evaluation for Large Language Models: what each instruction's name asks of an answer.
/// Where the published checker leaves room, its behaviour is kept; it counts sentences with NLTK's punkt and tells languages with langdetect, for
/// which our own stand here.
/// </summary>
internal static class VerifiableInstructions
{
    private static readonly Dictionary<string, Func<string, InstructionArguments, bool>> Known = new(StringComparer.Ordinal)
    {
        ["keywords:existence"] = KeywordInstructions.Existence,
        ["keywords:frequency"] = KeywordInstructions.Frequency,
        ["keywords:forbidden_words"] = KeywordInstructions.ForbiddenWords,
        ["keywords:letter_frequency"] = KeywordInstructions.LetterFrequency,
        ["language:response_language"] = CaseInstructions.ResponseLanguage,
        ["length_constraints:number_sentences"] = LengthInstructions.Sentences,
        ["length_constraints:number_paragraphs"] = LengthInstructions.Paragraphs,
        ["length_constraints:number_words"] = LengthInstructions.Words,
        ["length_constraints:nth_paragraph_first_word"] = LengthInstructions.NthParagraphFirstWord,
        ["detectable_content:number_placeholders"] = FormatInstructions.Placeholders,
        ["detectable_content:postscript"] = FormatInstructions.Postscript,
        ["detectable_format:number_bullet_lists"] = FormatInstructions.Bullets,
        ["detectable_format:constrained_response"] = FormatInstructions.ConstrainedResponse,
        ["detectable_format:number_highlighted_sections"] = FormatInstructions.Highlights,
        ["detectable_format:multiple_sections"] = FormatInstructions.Sections,
        ["detectable_format:json_format"] = FormatInstructions.Json,
        ["detectable_format:title"] = FormatInstructions.Title,
        ["combination:two_responses"] = FormatInstructions.TwoResponses,
        ["combination:repeat_prompt"] = (answer, arguments) => Begins(answer, arguments.Text("prompt_to_repeat")),
        ["startend:end_checker"] = (answer, arguments) => answer.Trim().Trim('"').EndsWith(arguments.Text("end_phrase").Trim(), StringComparison.OrdinalIgnoreCase),
        ["startend:quotation"] = (answer, _) => answer.Trim() is { Length: > 1 } text && text[0] == '"' && text[^1] == '"',
        ["change_case:capital_word_frequency"] = CaseInstructions.CapitalWords,
        ["change_case:english_capital"] = CaseInstructions.AllCapital,
        ["change_case:english_lowercase"] = CaseInstructions.AllLower,
        ["punctuation:no_comma"] = (answer, _) => !answer.Contains(',', StringComparison.Ordinal),
    };

    /// <summary>The check of that name.</summary>
    public static Func<string, InstructionArguments, bool> Find(string name) => Known.TryGetValue(name, out var check) ? check
        : throw new RewardException($"ifeval: there is no instruction \"{name}\". Known are {string.Join(", ", Known.Keys)}.");

    private static bool Begins(string answer, string prompt) => answer.Trim().StartsWith(prompt.Trim(), StringComparison.OrdinalIgnoreCase);
}
