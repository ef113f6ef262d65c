using Workbench.Learning.Training.Batching;

namespace Workbench.Learning.Training.Objectives;

/// <summary>What a method minimises over the rows of its dataset; the loop around it is the same for all methods.</summary>
internal interface IObjective : IDisposable
{
    /// <summary>Rows that are trained; at least one.</summary>
    int RowCount { get; }

    /// <summary>Rows that are only evaluated.</summary>
    int EvalRowCount { get; }

    /// <summary>The rows that are only evaluated, as prompt and answer; of a pair the better answer.</summary>
    IEnumerable<TrainingRow> EvalRows { get; }

    /// <summary>SHA-256 of everything that is trained on: another dataset cannot go on with the positions of this one.</summary>
    string Fingerprint { get; }

    /// <summary>Of the reference model; empty where there is none.</summary>
    string ReferenceFingerprint { get; }

    /// <summary>What the run's owner should know: rows cut or left out, limits lowered.</summary>
    IReadOnlyList<string> Notices { get; }

    /// <summary>Begins a step: what its micro-batches are made of, which is the rows themselves unless something is sampled for them.</summary>
    /// <param name="window">Rows of the step.</param>
    /// <param name="step">Optimizer steps done.</param>
    IReadOnlyList<int> Begin(IReadOnlyList<int> window, int step) => window;

    /// <summary>
    /// What the losses of these rows together are divided by (labels, pairs): over a whole accumulation window, so that a token
    /// weighs the same in any micro-batch.
    /// </summary>
    double Weight(IReadOnlyList<int> rows, bool evaluation);

    /// <summary>The loss of a micro-batch, with its graph unless under <c>no_grad</c>; in the caller's dispose scope.</summary>
    BatchOutcome Compute(IReadOnlyList<int> rows, bool evaluation);
}
