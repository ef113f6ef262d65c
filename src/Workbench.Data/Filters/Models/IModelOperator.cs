using Workbench.Data.Formats;

namespace Workbench.Data.Filters.Models;

/// <summary>An operator that asks a language model. Its recipe names the model and its fingerprint: other weights would make other rows.</summary>
public interface IModelOperator : IRowOperator
{
    /// <summary>Rows that are handed to the model at once: it puts those of like length together.</summary>
    internal const int RowsAtOnce = 32;

    /// <summary>The model, by its id or name in the workbench, or by its folder.</summary>
    string Model { get; }

    /// <summary>What <see cref="IRowModel.Fingerprint"/> must be; null takes the model as it is.</summary>
    string? Fingerprint { get; }

    /// <summary>The same operator that takes no other weights than these.</summary>
    IModelOperator Bound(string fingerprint);

    /// <inheritdoc cref="IRowOperator.Apply"/>
    /// <param name="rows">The rows in their order.</param>
    /// <param name="model">The loaded model.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    IEnumerable<Verdict> Judge(IEnumerable<RowItem> rows, IRowModel model, CancellationToken cancellationToken = default);

    IEnumerable<Verdict> IRowOperator.Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken) =>
        throw new OperatorException($"{Recipe.NameOf(this)}: there is nobody here who loads the model {Model}.");

    /// <summary>What the model says of each row, a batch of rows at a time.</summary>
    internal static IEnumerable<(RowItem Item, T Said)> Ask<T>(
        IEnumerable<RowItem> rows, Func<IReadOnlyList<Row>, IReadOnlyList<T>> ask, CancellationToken cancellationToken)
    {
        foreach (var batch in rows.Chunk(RowsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var said = ask([.. batch.Select(item => item.Row)]);
            for (var i = 0; i < batch.Length; i++)
            {
                yield return (batch[i], said[i]);
            }
        }
    }

    /// <exception cref="OperatorException">A parameter that all of them have is wrong.</exception>
    internal static void Check(IModelOperator step, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(step.Model))
        {
            throw new OperatorException($"{Recipe.NameOf(step)}: name the model, by its name in the workbench or by its folder.");
        }

        if (maxLength is < 2 or > 1 << 20)
        {
            throw new OperatorException($"{Recipe.NameOf(step)}: max_length must be 2 to {1 << 20} tokens, not {maxLength}.");
        }
    }
}
