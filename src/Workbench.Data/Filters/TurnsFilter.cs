using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>Keeps conversations with a number of the assistant's turns.</summary>
public sealed record TurnsFilter : IRowFilter
{
    public int Min { get; init; } = 1;

    public int? Max { get; init; }

    /// <inheritdoc/>
    public Func<Row, string?> Prepare() => row =>
    {
        var turns = RowTurn.Of(row).Count(turn => turn.Role == "assistant" && turn.Column != "rejected");
        return turns < Min ? $"{turns} turns of the assistant, fewer than {Min}"
            : turns > Max ? $"{turns} turns of the assistant, more than {Max}"
            : null;
    };
}
