using Workbench.Learning.Evaluation;
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
    /// <param name="stop">Ends it with an <see cref="OperationCanceledException"/>, as if the step had not been begun.</param>
    IReadOnlyList<int> Begin(IReadOnlyList<int> window, int step, CancellationToken stop) => window;

    /// <summary>Writes into a checkpoint what the next step needs besides weights and rows.</summary>
    void Save(string directory)
    {
    }

    /// <summary>Reads it back.</summary>
    /// <param name="directory">Of a checkpoint.</param>
    /// <param name="step">Optimizer steps done there.</param>
    /// <exception cref="TrainingException">It is missing or damaged.</exception>
    void Restore(string directory, int step)
    {
    }

    /// <summary>What was sampled for the latest step, a few prompts of it; null where nothing is.</summary>
    /// <param name="step">Optimizer steps done.</param>
    CompletionPoint? Completions(int step) => null;

    /// <summary>
    /// What the losses of these rows together are divided by (labels, pairs): over a whole accumulation window, so that a token
    /// weighs the same in any micro-batch.
    /// </summary>
    double Weight(IReadOnlyList<int> rows, bool evaluation);

    /// <summary>The loss of a micro-batch, with its graph unless under <c>no_grad</c>; in the caller's dispose scope.</summary>
    BatchOutcome Compute(IReadOnlyList<int> rows, bool evaluation);
}
