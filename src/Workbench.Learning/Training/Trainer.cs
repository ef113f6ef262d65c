using System.Runtime.ExceptionServices;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Learning.Training.Planning;
using Workbench.Torch.Kernels;

namespace Workbench.Learning.Training;

/// <summary>
/// Trains as transformers' Trainer and TRL's trainers do on one device, by the method of the configuration. The run folder
/// receives everything first; then the caller is told. A run that was stopped or killed goes on from its latest checkpoint with
/// losses that are bit-identical to those of a run that was never interrupted.
/// </summary>
public static class Trainer
{
    /// <summary>Trains to the end, or until <paramref name="stop"/>, which saves a checkpoint after the current step.</summary>
    /// <param name="config">What to train; checked again.</param>
    /// <param name="folder">Receives metrics, log, status, checkpoints and the finished model.</param>
    /// <param name="onMetric">Told each point after it is in the folder; on the training thread, so it must be quick.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <exception cref="RunConfigException">The configuration has problems.</exception>
    /// <exception cref="TrainingException">The run cannot start or go on.</exception>
    /// <exception cref="Models.ModelException">The model folder cannot be used.</exception>
    public static TrainingSummary Run(RunConfig config, RunFolder folder, Action<MetricPoint> onMetric, CancellationToken stop = default)
    {
        if (config.Validate() is { Count: > 0 } problems)
        {
            throw new RunConfigException(problems);
        }

        var resumeFrom = Resumption.Find(folder, config);
        folder.DeleteLeftovers();
        folder.WriteConfig(config);
        return OnOwnThread(() => Train(config, folder, resumeFrom, onMetric, stop));
    }

    private static TrainingSummary Train(
        RunConfig config, RunFolder folder, int? resumeFrom, Action<MetricPoint> onMetric, CancellationToken stop)
    {
        try
        {
            using var memory = new KeptMemory();
            using var run = TrainingRun.Open(config, folder, resumeFrom, stop);
            return run.Train(onMetric, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            var step = resumeFrom ?? 0;
            folder.WriteStatus(new RunStatus(RunStates.Stopped, step, 0, "Stopped before its first step."));
            return new TrainingSummary(RunStates.Stopped, step, 0, 0, double.NaN, 0, 0, folder.Path, [], 0, 0);
        }
        catch (Exception error)
        {
            var failure = Explain(error, config, folder);
            folder.Log($"failed: {failure.Message}");
            var (step, total) = folder.ReadStatus() is { } status ? (status.Step, status.TotalSteps) : (0, 0);
            folder.WriteStatus(new RunStatus(RunStates.Failed, step, total, failure.Message));
            if (ReferenceEquals(failure, error))
            {
                throw;
            }

            throw failure;
        }
    }

    /// <summary>What the machine ran out of, with the remedy; everything else explains itself.</summary>
    private static Exception Explain(Exception error, RunConfig config, RunFolder folder) => error switch
    {
        _ when TorchFailures.IsOutOfMemory(error) => new TrainingException($"{MemoryNeed.Explain(config)} ({error.Message})", error),
        IOException or UnauthorizedAccessException => new TrainingException(
            $"{folder.Path} cannot be written: {error.Message} The run can be resumed once that is put right.", error),
        _ => error,
    };

    /// <summary>Grad mode and dispose scopes belong to a thread: a thread of its own can disturb and be disturbed by nothing.</summary>
    private static T OnOwnThread<T>(Func<T> work)
        where T : class
    {
        T? result = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        })
        { Name = "training" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }
}
