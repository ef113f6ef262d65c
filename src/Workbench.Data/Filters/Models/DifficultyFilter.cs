namespace Workbench.Data.Filters.Models;

/// <summary>
/// Keeps rows by instruction-following difficulty: how much of the answer's surprise is left when the model reads the prompt first. Near 0 the
/// prompt says it all; at 1 or more it does not help, and prompt and answer may not belong together (Li et al. 2023, "From Quantity to
/// Quality", arXiv 2308.12032, which keeps the highest below 1).
/// </summary>
public sealed record DifficultyFilter : IModelOperator
{
    /// <inheritdoc/>
    public string Model { get; init; } = "";

    /// <inheritdoc/>
    public string? Fingerprint { get; init; }

    /// <summary>The least that stays; null for no limit.</summary>
    public double? Min { get; init; }

    /// <summary>The most that stays; null for no limit.</summary>
    public double? Max { get; init; } = 1;

    /// <summary>Tokens of a row that are read.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>A column of the row that the difficulty is written to; null for none.</summary>
    public string? Column { get; init; }

    /// <inheritdoc/>
    public IModelOperator Bound(string fingerprint) => this with { Fingerprint = fingerprint };

    /// <inheritdoc/>
    public IEnumerable<Verdict> Judge(IEnumerable<RowItem> rows, IRowModel model, CancellationToken cancellationToken = default)
    {
        IModelOperator.Check(this, MaxLength);
        var filter = new FigureFilter("ifd", Min, Max, Column);
        filter.Check();
        return IModelOperator.Ask(rows, batch => model.Difficulties(batch, MaxLength, cancellationToken), cancellationToken)
            .Select(asked => filter.Judge(asked.Item, asked.Said));
    }
}
