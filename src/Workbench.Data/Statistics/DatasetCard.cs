using System.Globalization;
using System.Text;
using Workbench.Data.Filters;

namespace Workbench.Data.Statistics;

/// <summary>A dataset card as the Hugging Face Hub reads it: YAML in front, then what the dataset is, in numbers, and how it was made.</summary>
public sealed record DatasetCard
{
    public required string Name { get; init; }

    /// <summary>An identifier of the Hub's list, such as <c>apache-2.0</c>; null where the owner has not said.</summary>
    public string? Licence { get; init; }

    /// <summary>Name of the file of rows, beside the card.</summary>
    public required string DataFile { get; init; }

    /// <summary>SHA-256 of the canonical rows.</summary>
    public required string ContentHash { get; init; }

    public required DatasetStatistics Statistics { get; init; }

    /// <summary>What made it; null for an import.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>The card in Markdown.</summary>
    public string ToMarkdown()
    {
        var card = new StringBuilder();
        card.Append("---\n");
        card.Append(CultureInfo.InvariantCulture, $"pretty_name: {Quoted(Name)}\n");
        card.Append(CultureInfo.InvariantCulture, $"license: {(Licence is null ? "unknown" : Quoted(Licence))}\n");
        card.Append(CultureInfo.InvariantCulture, $"size_categories:\n- {SizeCategory(Statistics.Rows)}\n");
        if (Statistics.Languages.Keys.Where(code => code is { Length: 2 }).Take(8).ToArray() is { Length: > 0 } languages)
        {
            card.Append("language:\n").AppendJoin("", languages.Select(code => $"- {Quoted(code)}\n"));
        }

        card.Append(CultureInfo.InvariantCulture, $"configs:\n- config_name: default\n  data_files: {Quoted(DataFile)}\n---\n\n# {Name.ReplaceLineEndings(" ")}\n\n");
        card.Append(CultureInfo.InvariantCulture, $"{Statistics.Rows:N0} rows; SHA-256 of the canonical rows `{ContentHash}`.\n\n");
        card.Append("| | median | 5 % | 95 % | longest |\n|---|--:|--:|--:|--:|\n");
        Line(card, "messages a row", Statistics.Turns);
        Line(card, "characters a row", Statistics.Chars);
        Line(card, "characters in answers", Statistics.AnswerChars);
        Line(card, "tokens a row", Statistics.Tokens);
        card.Append('\n');
        Counts(card, "Shapes", Statistics.Shapes);
        Counts(card, "Roles", Statistics.Roles);
        Counts(card, "Languages", Statistics.Languages);
        card.Append(CultureInfo.InvariantCulture, $"Exact duplicates: {Statistics.ExactDuplicates:N0}. Rows with an empty answer: {Statistics.EmptyAnswers:N0}.\n");
        if (Recipe is not null)
        {
            card.Append("\n## How it was made\n\nThe recipe below makes it again, byte for byte, from its source.\n\n```json\n").Append(Recipe.ToJson()).Append("\n```\n");
        }

        return card.ToString();
    }

    private static void Line(StringBuilder card, string name, DistributionSummary? figures)
    {
        if (figures is not null)
        {
            card.Append(CultureInfo.InvariantCulture, $"| {name} | {figures.P50:N0} | {figures.P5:N0} | {figures.P95:N0} | {figures.Max:N0} |\n");
        }
    }

    private static void Counts(StringBuilder card, string name, IReadOnlyDictionary<string, int> counts)
    {
        if (counts.Count > 0)
        {
            card.Append(CultureInfo.InvariantCulture, $"{name}: ").AppendJoin(", ", counts.Take(12).Select(pair => $"{pair.Key} {pair.Value.ToString("N0", CultureInfo.InvariantCulture)}")).Append(".\n\n");
        }
    }

    /// <summary>JSON strings are YAML strings; a bare <c>no</c> would be a truth value.</summary>
    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string SizeCategory(int rows) => rows switch
    {
        < 1_000 => "n<1K",
        < 10_000 => "1K<n<10K",
        < 100_000 => "10K<n<100K",
        < 1_000_000 => "100K<n<1M",
        < 10_000_000 => "1M<n<10M",
        _ => "10M<n<100M",
    };
}
