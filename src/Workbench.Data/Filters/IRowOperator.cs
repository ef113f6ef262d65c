using System.Text.Json.Serialization;
using Workbench.Data.Deduplication;
using Workbench.Data.Filters.Models;
using Workbench.Data.Formats;
using Workbench.Data.Sampling;

namespace Workbench.Data.Filters;

/// <summary>A row on its way through a pipeline.</summary>
/// <param name="Number">Its place in the source, from 1; operators keep it.</param>
/// <param name="Row">The row.</param>
public readonly record struct RowItem(int Number, Row Row);

/// <summary>What an operator decided about a row.</summary>
/// <param name="Item">The row, changed or as it came.</param>
/// <param name="Reason">Why it was removed; null when it is kept.</param>
/// <param name="Change">What was changed in it; null for nothing.</param>
public readonly record struct Verdict(RowItem Item, string? Reason = null, string? Change = null)
{
    /// <summary>Whether the row goes on.</summary>
    public bool Kept => Reason is null;
}

/// <summary>
/// A step of curation: a pure function over a stream of rows whose parameters are its properties. Every row that goes in comes
/// out, kept or removed with its reason. As JSON, <c>op</c> names it and the parameters follow in snake case.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(LengthFilter), "length")]
[JsonDerivedType(typeof(TurnsFilter), "turns")]
[JsonDerivedType(typeof(RolesFilter), "roles")]
[JsonDerivedType(typeof(LanguageFilter), "language")]
[JsonDerivedType(typeof(RegexFilter), "regex")]
[JsonDerivedType(typeof(RepetitionFilter), "repetition")]
[JsonDerivedType(typeof(SymbolsFilter), "symbols")]
[JsonDerivedType(typeof(PhrasesFilter), "phrases")]
[JsonDerivedType(typeof(TruncatedFilter), "truncated")]
[JsonDerivedType(typeof(MarkupFilter), "markup")]
[JsonDerivedType(typeof(PersonalData), "pii")]
[JsonDerivedType(typeof(WordListFilter), "words")]
[JsonDerivedType(typeof(ExactDedup), "exact_dedup")]
[JsonDerivedType(typeof(NearDedup), "near_dedup")]
[JsonDerivedType(typeof(WithinPromptDedup), "within_prompt_dedup")]
[JsonDerivedType(typeof(LeakageFilter), "leakage")]
[JsonDerivedType(typeof(PerplexityFilter), "perplexity")]
[JsonDerivedType(typeof(DifficultyFilter), "ifd")]
[JsonDerivedType(typeof(KCenter), "k_center")]
[JsonDerivedType(typeof(RandomSample), "sample")]
[JsonDerivedType(typeof(SplitFilter), "split")]
[JsonDerivedType(typeof(Balance), "balance")]
public interface IRowOperator
{
    /// <summary>Judges the rows in their order, unless the operator says that it gives them in another.</summary>
    /// <exception cref="OperatorException">A parameter is wrong; thrown before the first row is read.</exception>
    IEnumerable<Verdict> Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken = default);
}

/// <summary>An operator that looks at one row at a time.</summary>
public interface IRowFilter : IRowOperator
{
    /// <summary>Checks the parameters and prepares; the result tells why a row is removed, or null.</summary>
    Func<Row, string?> Prepare();

    IEnumerable<Verdict> IRowOperator.Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken)
    {
        var judge = Prepare();
        return rows.Select(item =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Verdict(item, judge(item.Row));
        });
    }
}

/// <summary>An operator cannot work with its parameters; the message names the parameter and the remedy.</summary>
public sealed class OperatorException(string message, Exception? inner = null) : Exception(message, inner);
