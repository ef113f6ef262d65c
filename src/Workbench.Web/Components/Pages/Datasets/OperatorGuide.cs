namespace Workbench.Web.Components.Pages.Datasets;

/// <summary>What each operator of a recipe does, in a sentence.</summary>
internal static class OperatorGuide
{
    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        ["length"] = "Keeps rows that are neither too short nor too long.",
        ["turns"] = "Keeps conversations with so many turns of the assistant.",
        ["roles"] = "Keeps conversations whose roles follow each other as templates expect.",
        ["language"] = "Keeps rows in these languages.",
        ["regex"] = "Removes rows that match a pattern, or those that do not.",
        ["repetition"] = "Removes rows that repeat lines, paragraphs or phrases.",
        ["symbols"] = "Removes rows of symbols instead of words.",
        ["phrases"] = "Removes answers that refuse, speak of themselves as a model, or are wrapped in set phrases.",
        ["truncated"] = "Removes answers that break off.",
        ["markup"] = "Removes answers with broken code fences, JSON or Markdown.",
        ["pii"] = "Finds personal data and secrets: writes a placeholder in their place, or removes the row.",
        ["words"] = "Removes rows with words of a list.",
        ["exact_dedup"] = "Keeps the first of rows that say the same.",
        ["near_dedup"] = "Keeps the first of rows that say nearly the same.",
        ["within_prompt_dedup"] = "Keeps the first of nearly equal answers to one prompt.",
        ["leakage"] = "Removes rows that share long runs of words with evaluation sets.",
        ["perplexity"] = "Keeps rows by how surprising a model finds their answers, or writes that beside them.",
        ["ifd"] = "Keeps rows whose prompt makes the answer likelier to a model: instruction-following difficulty.",
        ["k_center"] = "Keeps so many rows that cover all others best, as a model sees them.",
        ["sample"] = "Keeps so many rows, drawn at random.",
        ["split"] = "Keeps one part of train, validation and test; each row keeps its part however the dataset grows.",
        ["balance"] = "Keeps as many rows of each kind as the weights say.",
    };

    /// <summary>The sentence; empty for an operator that has none.</summary>
    public static string Of(string name) => Sentences.GetValueOrDefault(name, "");
}
