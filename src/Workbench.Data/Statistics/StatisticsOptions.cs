using Workbench.Language.Tokenizers;

namespace Workbench.Data.Statistics;

/// <summary>What statistics look at besides the rows.</summary>
public sealed record StatisticsOptions
{
    /// <summary>Counts tokens and finds special tokens in content; null for neither.</summary>
    public Tokenizer? Tokenizer { get; init; }

    /// <summary>Rows of more tokens than this are counted as truncated.</summary>
    public int? MaxLength { get; init; }
}
