namespace Workbench.Data.Statistics;

/// <summary>What a dataset is made of. Lengths in tokens are of the texts alone, without what a chat template adds.</summary>
public sealed record DatasetStatistics
{
    public required int Rows { get; init; }

    /// <summary>How many rows are of each shape.</summary>
    public required IReadOnlyDictionary<string, int> Shapes { get; init; }

    /// <summary>How many rows have each column.</summary>
    public required IReadOnlyDictionary<string, int> Columns { get; init; }

    /// <summary>Messages of each role.</summary>
    public required IReadOnlyDictionary<string, int> Roles { get; init; }

    /// <summary>Rows of each language.</summary>
    public required IReadOnlyDictionary<string, int> Languages { get; init; }

    /// <summary>Messages in a row.</summary>
    public DistributionSummary? Turns { get; init; }

    /// <summary>Characters (UTF-16 units) in a row.</summary>
    public DistributionSummary? Chars { get; init; }

    /// <summary>Characters in what a model is to learn.</summary>
    public DistributionSummary? AnswerChars { get; init; }

    /// <summary>Tokens in a row, with a tokenizer.</summary>
    public DistributionSummary? Tokens { get; init; }

    /// <summary>Rows that say the same as one before.</summary>
    public required int ExactDuplicates { get; init; }

    /// <summary>Rows with an answer of no characters and no calls.</summary>
    public required int EmptyAnswers { get; init; }

    /// <summary>Rows of more tokens than max_length.</summary>
    public int? OverMaxLength { get; init; }

    /// <summary>Rows whose content holds a special token's text: it would be read as the token itself.</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokensInContent { get; init; }

    /// <summary>Verdicts of KTO rows.</summary>
    public IReadOnlyDictionary<string, int>? Labels { get; init; }
}
