using System.Globalization;
using System.Text;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Sampling;

/// <summary>The part of a dataset that a row belongs to.</summary>
public enum SplitPart
{
    /// <summary>What is learnt.</summary>
    Train,

    /// <summary>What choices are made on.</summary>
    Validation,

    /// <summary>What is looked at once.</summary>
    Test,
}

/// <summary>What decides a row's part.</summary>
public enum SplitKey
{
    /// <summary>What is asked before the first answer: rows of one prompt never fall into two parts.</summary>
    Prompt,

    /// <summary>The whole row.</summary>
    Row,
}

/// <summary>
/// Cuts a dataset into train, validation and test by a hash of each row's content: a row keeps its part whatever is added, removed or
/// reordered, and a larger share of validation takes from train alone.
/// </summary>
public sealed record DatasetSplit
{
    /// <summary>Share of rows, 0 to 1.</summary>
    public double Validation { get; init; } = 0.05;

    /// <inheritdoc cref="Validation"/>
    public double Test { get; init; } = 0.05;

    public SplitKey Key { get; init; } = SplitKey.Prompt;

    public long Seed { get; init; } = 42;

    /// <exception cref="OperatorException">The shares are no shares.</exception>
    public void Check()
    {
        if (!(Validation >= 0 && Test >= 0 && Validation + Test < 1))
        {
            throw new OperatorException("split: validation and test must be shares of at least 0 that leave something to train on, such as 0.05.");
        }
    }

    /// <summary>The part of a row.</summary>
    public SplitPart Of(Row row)
    {
        var seed = "split " + Seed.ToString(CultureInfo.InvariantCulture);
        var key = Key == SplitKey.Prompt ? Prompt(row) : "";
        var at = RowOrder.Fraction(key.Length == 0 ? RowOrder.Of(row, seed) : RowOrder.Of(Encoding.UTF8.GetBytes(key), seed));
        return at < Test ? SplitPart.Test
            : at >= 1 - Validation ? SplitPart.Validation
            : SplitPart.Train;
    }

    private static string Prompt(Row row)
    {
        var asked = RowTurn.Of(row).TakeWhile(turn => !turn.IsAnswer).Select(turn => turn.Role + "\u0001" + turn.Text.Trim()).ToArray();
        return string.Join('\u0002', asked);
    }
}
