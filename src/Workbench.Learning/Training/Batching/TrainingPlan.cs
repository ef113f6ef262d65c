namespace Workbench.Learning.Training.Batching;

/// <summary>How many steps a run has and which rows each takes.</summary>
/// <param name="RowCount">Rows of the dataset that are trained.</param>
/// <param name="RowsPerStep">Rows of one optimizer step: batch size times accumulation steps.</param>
/// <param name="TotalSteps">Optimizer steps of the run.</param>
/// <param name="TotalRows">Rows that the run takes, over all epochs.</param>
/// <param name="Iterations">Steps that take the same rows (<c>num_iterations</c> of grpo).</param>
public sealed record TrainingPlan(int RowCount, int RowsPerStep, int TotalSteps, long TotalRows, int Iterations = 1)
{
    /// <summary>
    /// With <c>max_steps</c>, that many full windows; otherwise <c>num_train_epochs</c> times the rows, the last window being
    /// what is left of them.
    /// </summary>
    public static TrainingPlan Create(RunConfig config, int rowCount)
    {
        var iterations = config.Method == "grpo" ? config.NumIterations : 1;
        if (config.MaxSteps > 0)
        {
            var windows = ((long)config.MaxSteps + iterations - 1) / iterations;
            return new(rowCount, config.RowsPerStep, config.MaxSteps, windows * config.RowsPerStep, iterations);
        }

        var rows = Math.Max(1, (long)Math.Ceiling(config.NumTrainEpochs * rowCount));
        var steps = (rows + config.RowsPerStep - 1) / config.RowsPerStep * iterations;
        return steps <= int.MaxValue
            ? new(rowCount, config.RowsPerStep, (int)steps, rows, iterations)
            : throw new TrainingException("num_train_epochs asks for more steps than can be counted: lower it.");
    }

    /// <summary>Steps of one pass over the rows, rounded up.</summary>
    public int StepsPerEpoch => (int)Math.Min(int.MaxValue, ((long)RowCount + RowsPerStep - 1) / RowsPerStep * Iterations);

    /// <summary>Positions of the rows of step <paramref name="step"/>, from 0: first and one past the last.</summary>
    public (long First, long End) Window(int step) =>
        ((long)(step / Iterations) * RowsPerStep, Math.Min((long)((step / Iterations) + 1) * RowsPerStep, TotalRows));

    /// <summary>Epochs done after <paramref name="steps"/> steps.</summary>
    public double Epoch(int steps) => Math.Min((double)steps * RowsPerStep / Iterations, TotalRows) / RowCount;
}
