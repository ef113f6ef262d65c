using System.Diagnostics;
using TorchSharp;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Learning.Training.Objectives;
using Workbench.Learning.Training.Planning;
using Workbench.Learning.Training.Optimizers;
using Workbench.Learning.Training.Schedules;
using Workbench.Learning.Training.Sft;
using Workbench.Learning.Training.Throughput;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Training;

/// <summary>One run: what was loaded for it, and the loop. Belongs to the thread that opened it.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly RunConfig _config;
    private readonly RunFolder _folder;
    private readonly SftLanguage _language;
    private readonly TrainedModel _model;
    private readonly IReadOnlyList<TrainedParameter> _parameters;
    private readonly IOptimizer _optimizer;
    private readonly IObjective _objective;
    private readonly Generator _random; // the run's own: other work of the process draws from torch's
    private readonly TrainingPlan _plan;
    private readonly LearningRateSchedule _schedule;
    private readonly BestCheckpoint _best;
    private readonly ThroughputMeter _meter;
    private readonly RowOrder _order;
    private readonly EvalSampler? _sampler; // null where no samples are asked for
    private TrainerState _state;
    private KernelTimes _kernels = new(0, 0, 0, 0, 0, 0, 0, 0, 0); // of this process's steps
    private double _stepSeconds;

    private TrainingRun(RunConfig config, RunFolder folder, SftLanguage language, TrainedModel model, IObjective objective, Generator random)
    {
        (_config, _folder, _language, _model, _objective, _random) = (config, folder, language, model, objective, random);
        _plan = TrainingPlan.Create(config, objective.RowCount);
        _schedule = LearningRateSchedule.Create(config, _plan.TotalSteps);
        _best = new BestCheckpoint(config);
        _meter = new ThroughputMeter(model.Decoder);
        _order = new RowOrder(objective.RowCount, config.Shuffle, config.DataSeed ?? config.Seed);
        _sampler = config.EvalSamples == 0 || objective.EvalRowCount == 0 ? null
            : new EvalSampler(config, model.Decoder, language.Tokenizer ?? throw new TrainingException(
                "eval_samples needs a tokenizer beside the model, to show answers as text: set eval_samples to 0, or save the tokenizer into the model's folder."));
        _parameters = TrainedParameter.Of(model.Decoder.Trained, config.WeightDecay);
        _optimizer = OptimizerFactory.Create(config, _parameters);
        _state = new TrainerState
        {
            DataFingerprint = objective.Fingerprint,
            ReferenceFingerprint = objective.ReferenceFingerprint,
            BaseFingerprint = model.BaseFingerprint,
        };
    }

    /// <summary>Loads everything; what can be wrong with model, data or machine is wrong here, before the first step.</summary>
    public static TrainingRun Open(RunConfig config, RunFolder folder, int? resumeFrom, CancellationToken stop)
    {
        void Phase(string phase) => folder.WriteStatus(new RunStatus(RunStates.Running, resumeFrom ?? 0, 0, Phase: phase));

        Phase("loading");
        MemoryNeed.Require(config);
        manual_seed(config.Seed);
        var device = TrainingDevice.Resolve(config.Device);
        var checkpoint = resumeFrom is { } step ? folder.CheckpointPath(step) : null;
        var begun = checkpoint is not null && Directory.Exists(folder.SourcePath);
        var language = SftLanguage.Load(config, begun ? folder.SourcePath : config.ModelNameOrPath);
        var random = new Generator((ulong)config.Seed);
        var model = TrainedModel.Load(config, checkpoint, device, random);
        try
        {
            if (!begun)
            {
                RunFolder.WriteDirectory(folder.SourcePath, path => PretrainedModel.CopyBesideWeights(config.ModelNameOrPath, path));
            }

            set_num_threads(ThreadCount(model.Decoder.Config));
            Phase("tokenizing");
            var objective = ObjectiveFactory.Create(config, folder, model, language, random, stop);
            var run = new TrainingRun(config, folder, language, model, objective, random);
            if (checkpoint is not null)
            {
                run.Restore(checkpoint);
            }

            foreach (var notice in run.Notices)
            {
                folder.Log(notice);
            }

            if (config.Bf16 && device.type == DeviceType.CPU && !LinearProduct.BFloat16IsFast)
            {
                folder.Log("bf16: this processor has no bfloat16 instructions, so that bf16 is slower here than float32: set bf16 to false.");
            }

            folder.Log(model.Describe());
            folder.Log($"training on {device.type} with {objective.RowCount} rows, from step {run._state.Step} to {run._plan.TotalSteps}");
            return run;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Parameters below which a model trains on one core.</summary>
    internal const long OneThreadBelow = 1_000_000;

    /// <summary>
    /// Every core, but one for a model whose operations are shorter than the wait of threads for each other: where other programs
    /// keep the cores busy, two threads made a model of 260,000 parameters five times slower than one.
    /// </summary>
    private static int ThreadCount(DecoderConfig model) => model.ParameterCount < OneThreadBelow ? 1 : Environment.ProcessorCount;

    private void Restore(string checkpoint)
    {
        _state = Checkpoint.Restore(checkpoint, _optimizer, _random);
        if (_state.DataFingerprint != _objective.Fingerprint)
        {
            throw new TrainingException(
                $"{_config.Dataset} gives other tokens than when {_folder.Path} was begun: restore the dataset, or choose another output_dir.");
        }

        if (_state.ReferenceFingerprint != _objective.ReferenceFingerprint)
        {
            throw new TrainingException(
                $"The reference model {_config.RefModel ?? _config.ModelNameOrPath} has other weights than when {_folder.Path} was begun: "
                + "restore its folder, or choose another output_dir.");
        }

        // A frozen model (under an adapter, or as reference) is read from its folder again, and its config.json says what its weights mean.
        if ((_state.BaseFingerprint + _state.ReferenceFingerprint).Length > 0 && HasOtherConfig(_config.ModelNameOrPath))
        {
            throw new TrainingException(
                $"{_config.ModelNameOrPath} has another config.json than when {_folder.Path} was begun: restore it, or choose another output_dir.");
        }

        if (_state.BaseFingerprint != _model.BaseFingerprint)
        {
            throw new TrainingException(
                $"The model {_config.ModelNameOrPath} under the adapter has other weights than when {_folder.Path} was begun: "
                + "restore its folder, or choose another output_dir.");
        }

        _objective.Restore(checkpoint, _state.Step);
    }

    private bool HasOtherConfig(string directory)
    {
        var path = Path.Combine(directory, "config.json");
        return File.Exists(path) && !File.ReadAllBytes(path).SequenceEqual(File.ReadAllBytes(Path.Combine(_folder.SourcePath, "config.json")));
    }

    public TrainingSummary Train(Action<MetricPoint> onMetric, CancellationToken stop)
    {
        var logging = StepInterval.Resolve(_config.LoggingSteps, _plan.TotalSteps);
        var evaluating = Interval(_config.EvalStrategy, _config.EvalSteps ?? _config.LoggingSteps);
        var saving = Interval(_config.SaveStrategy, _config.SaveSteps);
        FreeSpace.Require(_folder.Path, CheckpointBytes);
        var clock = Stopwatch.StartNew();
        WriteStatus("training");
        while (!Completed && !stop.IsCancellationRequested)
        {
            var (begun, kernels) = (clock.Elapsed, KernelTimes.Read());
            var learningRate = _schedule.At(_state.Step);
            if (Step(NextWindow(), learningRate, stop) is not { } gradNorm)
            {
                break;
            }

            var seconds = (clock.Elapsed - begun).TotalSeconds;
            _meter.AddSeconds(seconds);
            (_stepSeconds, _kernels) = (_stepSeconds + seconds, _kernels + (KernelTimes.Read() - kernels));

            var last = _state.Step == _plan.TotalSteps;
            if (_state.Step % logging == 0 || last || (_config.LoggingFirstStep && _state.Step == 1))
            {
                onMetric(Append(TrainMetrics(gradNorm, learningRate)));
                if (_config.LogCompletions && _objective.Completions(_state.Step) is { } completions)
                {
                    _folder.AppendCompletions(completions);
                }

                _state = _state with { Window = new MetricWindow() };
                WriteStatus("training");
            }

            var save = _config.SaveStrategy != "no" && _state.Step % saving == 0;
            if (_objective.EvalRowCount > 0 && (_state.Step % evaluating == 0 || last))
            {
                save |= Evaluate(onMetric, save, stop);
            }

            if (save)
            {
                SaveCheckpoint();
            }
        }

        return Finish(clock.Elapsed.TotalSeconds);
    }

    private IReadOnlyList<string> Notices => LoraRules.Notice(_config) is { } notice ? [.. _objective.Notices, notice] : _objective.Notices;

    private bool Completed => _state.Step == _plan.TotalSteps || _best.EndsRun(_state);

    private int Interval(string? strategy, double steps) =>
        strategy == "epoch" ? _plan.StepsPerEpoch : StepInterval.Resolve(steps, _plan.TotalSteps);

    private List<int> NextWindow()
    {
        var window = new List<int>();
        var (first, end) = _plan.Window(_state.Step);
        for (var position = first; position < end; position++)
        {
            window.Add(_order.At(position));
        }

        return window;
    }

    /// <summary>
    /// One optimizer step over a window of rows, in micro-batches; returns the norm of the gradient before clipping, or null where the run
    /// was stopped while answers were sampled for the step, which then has not taken place.
    /// </summary>
    private double? Step(List<int> window, double learningRate, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in _parameters)
        {
            parameter.Parameter.grad = null;
        }

        IReadOnlyList<int> items;
        try
        {
            items = _objective.Begin(window, _state.Step, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }

        var weight = _objective.Weight(items, evaluation: false);
        double loss = 0;
        foreach (var rows in items.Chunk(_config.PerDeviceTrainBatchSize))
        {
            using var batchScope = NewDisposeScope();
            var outcome = _objective.Compute(rows, evaluation: false);
            var share = outcome.LossSum / weight;
            share.backward();
            _model.Decoder.BackwardThroughLayers();
            loss += share.item<float>();
            _meter.AddBatch(outcome.Lengths);
            _state = _state with { NumTokens = _state.NumTokens + outcome.Tokens, Window = _state.Window.AddBatch(outcome.Metrics) };
        }

        var gradNorm = nn.utils.clip_grad_norm_(
            _parameters.Select(parameter => parameter.Parameter), _config.MaxGradNorm > 0 ? _config.MaxGradNorm : double.PositiveInfinity);
        _optimizer.Step(learningRate);
        _state = _state with { Step = _state.Step + 1, LossSum = _state.LossSum + loss, Window = _state.Window.AddStep(loss) };
        return gradNorm;
    }

    private Dictionary<string, double> TrainMetrics(double gradNorm, double learningRate)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["loss"] = _state.Window.Loss / _state.Window.Steps,
            ["grad_norm"] = gradNorm,
            ["learning_rate"] = learningRate,
        };
        foreach (var (name, mean) in _state.Window.Means())
        {
            metrics[name] = mean;
        }

        metrics["num_tokens"] = _state.NumTokens;
        _meter.Report(metrics);
        return metrics;
    }

    /// <summary>Evaluates, and says whether the model is to be saved because it is the best so far.</summary>
    /// <param name="onMetric">Told the point.</param>
    /// <param name="saves">Whether it is saved at this step anyway.</param>
    /// <param name="stop">Ends the evaluation without a result.</param>
    private bool Evaluate(Action<MetricPoint> onMetric, bool saves, CancellationToken stop)
    {
        WriteStatus("evaluating");
        if (EvaluationLoss.Compute(_objective, _config.PerDeviceEvalBatchSize, stop) is not { } metrics)
        {
            return false;
        }

        Sample(stop);
        onMetric(Append(metrics));
        _state = _best.Judge(_state, metrics, out var isBest);
        if (isBest && (saves || _config.LoadBestModelAtEnd))
        {
            _state = _state with { BestStep = _state.Step };
        }

        return isBest && _config.LoadBestModelAtEnd;
    }

    private void Sample(CancellationToken stop)
    {
        try
        {
            if (_sampler?.Take([.. _objective.EvalRows], _state.Step, stop) is { } point)
            {
                _folder.AppendSamples(point);
            }
        }
        catch (Generation.GenerationException error)
        {
            _folder.Log($"no samples at step {_state.Step}: {error.Message}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _folder.Log($"no samples at step {_state.Step}: the run was stopped");
        }
    }

    private MetricPoint Append(IReadOnlyDictionary<string, double> metrics) =>
        _folder.AppendMetric(_state.Step, _plan.Epoch(_state.Step), metrics);

    /// <summary>Bytes of the tensors of a checkpoint.</summary>
    private long CheckpointBytes =>
        _model.SavedBytes + (_config.SaveOnlyModel ? 0 : _optimizer.State.Sum(entry => entry.Value.numel() * entry.Value.element_size()));

    private void SaveCheckpoint()
    {
        WriteStatus("saving");
        FreeSpace.Require(_folder.Path, CheckpointBytes);
        RunFolder.WriteDirectory(_folder.CheckpointPath(_state.Step), path =>
        {
            SaveModel(path);
            if (!_config.SaveOnlyModel)
            {
                Checkpoint.Save(path, _optimizer, _random, _state);
                _objective.Save(path);
            }
        });
        _folder.KeepCheckpoints(_config.SaveTotalLimit, _config.LoadBestModelAtEnd ? _state.BestStep : null);
    }

    private void SaveModel(string path) => _model.Save(path, _folder.SourcePath, _language.TemplateOverride);

    /// <summary>Writes the finished model, or for a run that was stopped the checkpoint from which it can go on.</summary>
    private TrainingSummary Finish(double seconds)
    {
        var completed = Completed;
        var (status, output) = completed
            ? (RunStates.Completed, _folder.FinalPath)
            : (RunStates.Stopped, _folder.CheckpointPath(_state.Step));
        if (completed)
        {
            WriteStatus("saving");
            if (_config.LoadBestModelAtEnd && _state.BestStep is { } best && best != _state.Step)
            {
                _model.Restore(_folder.CheckpointPath(best));
                _folder.Log($"the model of step {best} was the best, with {_best.Metric} {_state.BestMetric}: it becomes the final one");
            }

            RunFolder.WriteDirectory(output, SaveModel);
        }
        else
        {
            SaveCheckpoint();
        }

        var why = completed && _state.Step < _plan.TotalSteps
            ? $"Stopped early: {_best.Metric} did not improve in {_state.EvaluationsWithoutImprovement} evaluations."
            : null;
        _folder.Log($"{status} at step {_state.Step} of {_plan.TotalSteps} after {seconds:F1} s: {output}");
        _folder.WriteStatus(new RunStatus(status, _state.Step, _plan.TotalSteps, why));
        return new TrainingSummary(
            status, _state.Step, _plan.TotalSteps, _plan.Epoch(_state.Step), _state.LossSum / _state.Step, _state.NumTokens, seconds,
            output, why is null ? Notices : [.. Notices, why], _model.TrainableParameters, _model.AllParameters,
            _stepSeconds > 0 && _model.Decoder.Device.type == DeviceType.CPU ? _kernels.SharesOf(_stepSeconds) : null);
    }

    private void WriteStatus(string phase) =>
        _folder.WriteStatus(new RunStatus(RunStates.Running, _state.Step, _plan.TotalSteps, Phase: phase));

    public void Dispose()
    {
        _optimizer.Dispose();
        _objective.Dispose();
        _random.Dispose();
        _model.Dispose();
    }
}
