using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Planning;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Launch;

/// <summary>
/// What this machine gets done, by the runs that it has finished: the estimate of a run goes by the speed of the most alike one.
/// </summary>
public sealed class SpeedHistory(RunService runs)
{
    /// <summary>Share of the matrix peak that runs reach (the starter and models of up to 100 million parameters, on two cores).</summary>
    private const double ShareOfPeak = 0.8;

    /// <summary>A run of a model so many times smaller or larger says nothing.</summary>
    private const double FarthestSize = 2.5;

    /// <summary>Finished runs that are looked at.</summary>
    private const int Considered = 30;

    /// <summary>Estimates a run.</summary>
    /// <param name="config">Complete, every id replaced by a path.</param>
    /// <param name="lengths">Of its rows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<RunEstimate> EstimateAsync(RunConfig config, RowLengths lengths, CancellationToken cancellationToken)
    {
        var model = DecoderConfigReader.Read(config.ModelNameOrPath);
        var estimator = new RunEstimator(model, config, lengths);
        var known = await KnownSpeedAsync(config, model, lengths, cancellationToken);
        return estimator.Estimate(known ?? (ShareOfPeak * MachinePeak.Of(config, model)), known is not null);
    }

    /// <summary>Operations a second of the finished run that is most alike; null where none is.</summary>
    private async Task<double?> KnownSpeedAsync(RunConfig config, DecoderConfig model, RowLengths lengths, CancellationToken cancellationToken)
    {
        var finished = (await runs.ListAsync(cancellationToken)).Where(run => run.Status == RunStatus.Completed && run.Method == config.Method).Take(Considered);
        (double Distance, double Speed)? best = null;
        foreach (var run in finished)
        {
            if (Read(run) is not { } past || !Alike(past, config) || Shape(past) is not { } shape)
            {
                continue;
            }

            var distance = Math.Abs(Math.Log((double)shape.ParameterCount / model.ParameterCount));
            if (distance > Math.Log(FarthestSize) || (best is { } nearer && nearer.Distance <= distance))
            {
                continue;
            }

            if (await TokensPerSecondAsync(run, cancellationToken) is { } tokens)
            {
                // Its rows are taken to be like these: only their lengths' mean enters a ratio.
                best = (distance, tokens * new RunEstimator(shape, past, lengths).Operations(1, lengths.Mean) / lengths.Mean);
            }
        }

        return best?.Speed;
    }

    private static RunConfig? Read(RunEntry run)
    {
        try
        {
            return RunConfig.Parse(run.Config);
        }
        catch (RunConfigException)
        {
            return null; // of an older version
        }
    }

    private static bool Alike(RunConfig past, RunConfig config) =>
        (past.UsePeft, past.GradientCheckpointing, past.Optim, past.Bf16, past.Device) == (config.UsePeft, config.GradientCheckpointing, config.Optim, config.Bf16, config.Device);

    private static DecoderConfig? Shape(RunConfig past)
    {
        try
        {
            return DecoderConfigReader.Read(past.ModelNameOrPath);
        }
        catch (Learning.Models.ModelException)
        {
            return null; // its folder is gone
        }
    }

    /// <summary>The median over the run's points: a pause or a busy minute does not count.</summary>
    private async Task<double?> TokensPerSecondAsync(RunEntry run, CancellationToken cancellationToken)
    {
        var points = await runs.MetricsAsync(run.Id, Math.Max(1, run.LastSeq - 200), 200, cancellationToken);
        var speeds = points.Select(point => MetricPoint.TryParse(point.Json)?.Values.GetValueOrDefault("tokens_per_second") ?? 0).Where(speed => speed > 0).Order().ToArray();
        return speeds.Length == 0 ? null : speeds[speeds.Length / 2];
    }
}
