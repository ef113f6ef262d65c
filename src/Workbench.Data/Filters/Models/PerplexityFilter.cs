namespace Workbench.Data.Filters.Models;

/// <summary>
/// Keeps rows by the perplexity of their answers under a model: what it finds all but impossible is often broken text, what it knows by heart
/// teaches little (Marion et al. 2023, "When Less is More", arXiv 2309.04564).
/// </summary>
public sealed record PerplexityFilter : IModelOperator
{
    /// <inheritdoc/>
    public string Model { get; init; } = "";

    /// <inheritdoc/>
    public string? Fingerprint { get; init; }

    /// <summary>The least that stays; null for no limit.</summary>
    public double? Min { get; init; }

    /// <summary>The most that stays; null for no limit.</summary>
    public double? Max { get; init; }

    /// <summary>Tokens of a row that are read.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>A column of the row that the perplexity is written to; null for none.</summary>
    public string? Column { get; init; }

    /// <inheritdoc/>
    public IModelOperator Bound(string fingerprint) => this with { Fingerprint = fingerprint };

    /// <inheritdoc/>
    public IEnumerable<Verdict> Judge(IEnumerable<RowItem> rows, IRowModel model, CancellationToken cancellationToken = default)
    {
        IModelOperator.Check(this, MaxLength);
        var filter = new FigureFilter("perplexity", Min, Max, Column);
        filter.Check();
        return IModelOperator.Ask(rows, batch => model.Perplexities(batch, MaxLength, cancellationToken), cancellationToken)
            .Select(asked => filter.Judge(asked.Item, asked.Said));
    }
}
