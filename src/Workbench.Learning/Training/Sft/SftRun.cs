using System.Diagnostics;
using TorchSharp;
using TorchSharp.Modules;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Learning.Training.Losses;
using Workbench.Learning.Training.Schedules;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Sft;

/// <summary>One run: what was loaded for it, and the loop. Belongs to the thread that opened it.</summary>
internal sealed class SftRun : IDisposable
{
    private readonly RunConfig _config;
    private readonly RunFolder _folder;
    private readonly SftLanguage _language;
    private readonly DecoderModel _model;
    private readonly AdamW _optimizer;
    private readonly SftRows _rows;
    private readonly TrainingPlan _plan;
    private readonly LearningRateSchedule _schedule;
    private readonly RowOrder _order;
    private TrainerState _state;

    private SftRun(RunConfig config, RunFolder folder, SftLanguage language, DecoderModel model, SftRows rows)
    {
        (_config, _folder, _language, _model, _rows) = (config, folder, language, model, rows);
        _plan = TrainingPlan.Create(config, rows.Train.Count);
        _schedule = LearningRateSchedule.Create(config, _plan.TotalSteps);
        _order = new RowOrder(rows.Train.Count, config.Shuffle, config.DataSeed ?? config.Seed);
        _optimizer = optim.AdamW(
            Parameters, config.LearningRate, config.AdamBeta1, config.AdamBeta2, config.AdamEpsilon, config.WeightDecay);
        _state = new TrainerState { DataFingerprint = rows.Fingerprint };
    }

    private IEnumerable<Parameter> Parameters => _model.Weights.Select(weight => weight.Weight);

    /// <summary>Loads everything; what can be wrong with model, data or machine is wrong here, before the first step.</summary>
    public static SftRun Open(RunConfig config, RunFolder folder, int? resumeFrom, CancellationToken stop)
    {
        void Phase(string phase) => folder.WriteStatus(new RunStatus(RunStates.Running, resumeFrom ?? 0, 0, Phase: phase));

        Phase("loading");
        manual_seed(config.Seed);
        var device = TrainingDevice.Resolve(config.Device);
        var checkpoint = resumeFrom is { } step ? folder.CheckpointPath(step) : null;
        var language = SftLanguage.Load(config);
        var model = PretrainedModel.Load(checkpoint ?? config.ModelNameOrPath, device);
        try
        {
            set_num_threads(ThreadCount(model.Config));
            Phase("tokenizing");
            var rows = SftRows.Load(config, model.Config, language, stop);
            var run = new SftRun(config, folder, language, model, rows);
            if (checkpoint is not null)
            {
                run.Restore(checkpoint);
            }

            foreach (var notice in rows.Notices)
            {
                folder.Log(notice);
            }

            folder.Log($"training {model.Config.ParameterCount} parameters on {device.type} with {rows.Train.Count} rows, "
                + $"from step {run._state.Step} to {run._plan.TotalSteps}");
            return run;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Every core, but one for a model whose operations are shorter than the wait of threads for each other: where other programs
    /// keep the cores busy, two threads made a model of 260,000 parameters five times slower than one.
    /// </summary>
    private static int ThreadCount(DecoderConfig model) => model.ParameterCount < 1_000_000 ? 1 : Environment.ProcessorCount;

    private void Restore(string checkpoint)
    {
        _state = Checkpoint.Restore(checkpoint, _model, _optimizer);
        if (_state.DataFingerprint != _rows.Fingerprint)
        {
            throw new TrainingException(
                $"{_config.Dataset} gives other tokens than when {_folder.Path} was begun: restore the dataset, or choose another output_dir.");
        }
    }

    public TrainingSummary Train(Action<MetricPoint> onMetric, CancellationToken stop)
    {
        var logging = StepInterval.Resolve(_config.LoggingSteps, _plan.TotalSteps);
        var evaluating = StepInterval.Resolve(_config.EvalSteps ?? _config.LoggingSteps, _plan.TotalSteps);
        var saving = StepInterval.Resolve(_config.SaveSteps, _plan.TotalSteps);
        var clock = Stopwatch.StartNew();
        var (stepSeconds, tokensLogged) = (0.0, _state.NumTokens); // since the last logged point, evaluation and saving left out
        WriteStatus("training");
        while (_state.Step < _plan.TotalSteps && !stop.IsCancellationRequested)
        {
            var begun = clock.Elapsed;
            var learningRate = _schedule.At(_state.Step);
            var gradNorm = Step(NextWindow(), learningRate);
            stepSeconds += (clock.Elapsed - begun).TotalSeconds;

            var last = _state.Step == _plan.TotalSteps;
            if (_state.Step % logging == 0 || last || (_config.LoggingFirstStep && _state.Step == 1))
            {
                var tokensPerSecond = (_state.NumTokens - tokensLogged) / stepSeconds;
                onMetric(Append(TrainMetrics(_state, gradNorm, learningRate, tokensPerSecond)));
                (stepSeconds, tokensLogged) = (0, _state.NumTokens);
                _state = _state with { Window = new MetricWindow() };
                WriteStatus("training");
            }

            if (_rows.Eval.Count > 0 && (_state.Step % evaluating == 0 || last))
            {
                WriteStatus("evaluating");
                if (EvaluationLoss.Compute(_model, _rows.Eval, _config.PerDeviceEvalBatchSize, stop) is { } metrics)
                {
                    onMetric(Append(metrics));
                }
            }

            if (_config.SaveStrategy == "steps" && _state.Step % saving == 0)
            {
                SaveCheckpoint();
            }
        }

        return Finish(clock.Elapsed.TotalSeconds);
    }

    private List<TrainingRow> NextWindow()
    {
        var window = new List<TrainingRow>();
        var (first, end) = _plan.Window(_state.Step);
        for (var position = first; position < end; position++)
        {
            window.Add(_rows.Train[_order.At(position)]);
        }

        return window;
    }

    /// <summary>One optimizer step over a window of rows, in micro-batches; returns the norm of the gradient before clipping.</summary>
    private double Step(List<TrainingRow> window, double learningRate)
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        long labels = window.Sum(row => row.TrainedTokens); // of the whole window: a token weighs the same in any micro-batch
        double loss = 0;
        foreach (var rows in window.Chunk(_config.PerDeviceTrainBatchSize))
        {
            using var batchScope = NewDisposeScope();
            var batch = PaddedBatch.Collate(rows);
            var result = CausalLanguageModelLoss.Compute(_model, batch);
            var share = result.LossSum / labels;
            share.backward();
            loss += share.item<float>();
            _state = _state with { NumTokens = _state.NumTokens + batch.Tokens, Window = _state.Window.AddBatch(result) };
        }

        var gradNorm = nn.utils.clip_grad_norm_(Parameters, _config.MaxGradNorm > 0 ? _config.MaxGradNorm : double.PositiveInfinity);
        foreach (var group in _optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        _optimizer.step();
        _state = _state with { Step = _state.Step + 1, LossSum = _state.LossSum + loss, Window = _state.Window.AddStep(loss) };
        return gradNorm;
    }

    private static Dictionary<string, double> TrainMetrics(TrainerState state, double gradNorm, double learningRate, double tokensPerSecond) =>
        new(StringComparer.Ordinal)
        {
            ["loss"] = state.Window.Loss / state.Window.Steps,
            ["grad_norm"] = gradNorm,
            ["learning_rate"] = learningRate,
            ["entropy"] = state.Window.Entropy / state.Window.MicroBatches,
            ["mean_token_accuracy"] = state.Window.Accuracy / state.Window.MicroBatches,
            ["num_tokens"] = state.NumTokens,
            ["tokens_per_second"] = tokensPerSecond,
        };

    private MetricPoint Append(IReadOnlyDictionary<string, double> metrics) =>
        _folder.AppendMetric(_state.Step, _plan.Epoch(_state.Step), metrics);

    private void SaveCheckpoint()
    {
        WriteStatus("saving");
        RunFolder.WriteDirectory(_folder.CheckpointPath(_state.Step), path =>
            Checkpoint.Save(path, _model, _optimizer, _state, _config.ModelNameOrPath, _language.TemplateOverride));
        _folder.KeepCheckpoints(_config.SaveTotalLimit);
    }

    /// <summary>Writes the finished model, or for a run that was stopped the checkpoint from which it can go on.</summary>
    private TrainingSummary Finish(double seconds)
    {
        var completed = _state.Step == _plan.TotalSteps;
        var (status, output) = completed
            ? (RunStates.Completed, _folder.FinalPath)
            : (RunStates.Stopped, _folder.CheckpointPath(_state.Step));
        if (completed)
        {
            WriteStatus("saving");
            RunFolder.WriteDirectory(output, path =>
                PretrainedModel.Save(_model, path, _config.ModelNameOrPath, _language.TemplateOverride));
        }
        else
        {
            SaveCheckpoint();
        }

        _folder.Log($"{status} at step {_state.Step} of {_plan.TotalSteps} after {seconds:F1} s: {output}");
        _folder.WriteStatus(new RunStatus(status, _state.Step, _plan.TotalSteps));
        return new TrainingSummary(
            status, _state.Step, _plan.TotalSteps, _plan.Epoch(_state.Step), _state.LossSum / _state.Step, _state.NumTokens, seconds,
            output, _rows.Notices);
    }

    private void WriteStatus(string phase) =>
        _folder.WriteStatus(new RunStatus(RunStates.Running, _state.Step, _plan.TotalSteps, Phase: phase));

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
    }
}
