using Workbench.Data.Filters.Models;

namespace Workbench.Data.Filters;

/// <summary>A row that a pipeline removed or changed, and by which step.</summary>
/// <param name="Step">Index of the operator in the recipe.</param>
/// <param name="Verdict">What it said.</param>
public readonly record struct StepVerdict(int Step, Verdict Verdict);

/// <summary>What one step did.</summary>
public sealed record StepCount(string Operator, int In, int Removed, int Changed);

/// <summary>Runs rows through the operators of a recipe, one after another, as a stream.</summary>
/// <param name="recipe">The operators.</param>
/// <param name="models">Loads what they ask; null where no operator asks a model.</param>
public sealed class Pipeline(Recipe recipe, IRowModels? models = null)
{
    private readonly int[] entered = new int[recipe.Steps.Count];
    private readonly int[] removed = new int[recipe.Steps.Count];
    private readonly int[] changed = new int[recipe.Steps.Count];

    /// <summary>What each step did so far.</summary>
    public IReadOnlyList<StepCount> Counts =>
        [.. recipe.Steps.Select((step, i) => new StepCount(Recipe.NameOf(step), entered[i], removed[i], changed[i]))];

    /// <summary>The rows that pass every step.</summary>
    /// <param name="rows">The source.</param>
    /// <param name="observe">Told of every row that a step removes or changes.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="OperatorException">A parameter is wrong.</exception>
    public IEnumerable<RowItem> Run(IEnumerable<RowItem> rows, Action<StepVerdict>? observe = null, CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < recipe.Steps.Count; i++)
        {
            rows = Passing(Judged(recipe.Steps[i], rows, cancellationToken), i, observe);
        }

        return rows;
    }

    private IEnumerable<Verdict> Judged(IRowOperator step, IEnumerable<RowItem> rows, CancellationToken cancellationToken) =>
        step is IModelOperator asking && models is not null ? asking.Judge(rows, models.Open(asking.Model), cancellationToken) : step.Apply(rows, cancellationToken);

    private IEnumerable<RowItem> Passing(IEnumerable<Verdict> verdicts, int step, Action<StepVerdict>? observe)
    {
        foreach (var verdict in verdicts)
        {
            entered[step]++;
            removed[step] += verdict.Kept ? 0 : 1;
            changed[step] += verdict.Change is null ? 0 : 1;
            if (!verdict.Kept || verdict.Change is not null)
            {
                observe?.Invoke(new StepVerdict(step, verdict));
            }

            if (verdict.Kept)
            {
                yield return verdict.Item;
            }
        }
    }
}
