using TorchSharp;
using Workbench.Data.Rewards;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Objectives;
using Workbench.Learning.Training.Preference;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Grpo;

/// <summary>GRPO: prompts are answered several times by the policy itself, and answers that are better than their group's mean become more probable.</summary>
/// <remarks>Left out: evaluation, which the rewards of training stand for.</remarks>
internal sealed class GrpoObjective(
    RunConfig config, DecoderModel model, PretrainedTokenizer tokenizer, DatasetRows<PromptRow> rows, ReferenceLogps? reference) : IObjective
{
    private readonly Rollouts _rollouts = new(config, model, tokenizer);
    private readonly GrpoJudge _judge = new(config);
    private readonly double _low = 1 - config.Epsilon;
    private readonly double _high = 1 + (config.EpsilonHigh ?? config.Epsilon);
    private List<SampledAnswer> _answers = [];
    private Sampling? _sampling; // null before the first, and after a checkpoint between two steps of one
    private List<MetricSum> _sampled = [];

    public int RowCount => rows.Train.Count;

    public int EvalRowCount => 0;

    public IEnumerable<TrainingRow> EvalRows => [];

    public string Fingerprint => rows.Fingerprint;

    public string ReferenceFingerprint => reference?.Fingerprint ?? "";

    public IReadOnlyList<string> Notices => rows.Notices;

    /// <summary>Has the prompts answered, and the answers judged; in the steps after the first of <c>num_iterations</c> they are those of the first.</summary>
    public IReadOnlyList<int> Begin(IReadOnlyList<int> window, int step, CancellationToken stop)
    {
        if (step % config.NumIterations == 0)
        {
            Sample([.. window.Select(index => rows.Train[index])], step, stop);
        }

        return [.. Enumerable.Range(0, _answers.Count)];
    }

    private void Sample(PromptRow[] prompts, int step, CancellationToken stop)
    {
        var answers = _rollouts.Sample([.. prompts.Select(row => row.Prompt.InputIds)], step, stop);
        var scores = answers.Select((answer, i) =>
        {
            stop.ThrowIfCancellationRequested();
            return _judge.Score(prompts[i / config.NumGenerations], answer.Text, config.Dataset);
        }).ToList();
        List<SampledAnswer> judged = [];
        List<double> deviations = [];
        foreach (var (group, row) in scores.Chunk(config.NumGenerations).Zip(prompts))
        {
            var rewards = group.Select(score => score.Total).ToArray();
            deviations.Add(GroupRelative.Deviation(rewards));
            foreach (var advantage in GroupRelative.Advantages(rewards, config.ScaleRewards))
            {
                judged.Add(new SampledAnswer(SampledAnswer.Join(row.Prompt, answers[judged.Count].Ids), advantage));
            }
        }

        (_answers, _sampling, _sampled) = (judged, new Sampling(prompts, answers, scores), Describe(answers, scores, deviations));
    }

    public void Save(string directory)
    {
        if (config.NumIterations > 1)
        {
            SampledAnswer.Write(directory, _answers);
        }
    }

    public void Restore(string directory, int step)
    {
        if (step % config.NumIterations != 0)
        {
            _answers = SampledAnswer.Read(directory);
        }
    }

    public CompletionPoint? Completions(int step) => _sampling?.Point(step, config.NumGenerations, tokenizer, _answers);

    /// <summary>Under TRL's names.</summary>
    private static List<MetricSum> Describe(List<Rollout> answers, List<CombinedScore> scores, List<double> deviations)
    {
        int[] lengths = [.. answers.Select(answer => answer.Ids.Length)];
        int[] ended = [.. answers.Where(answer => answer.Terminated).Select(answer => answer.Ids.Length)];
        List<MetricSum> metrics =
        [
            new("reward", scores.Sum(score => score.Total), scores.Count),
            new("reward_std", deviations.Sum(), deviations.Count),
            new("entropy", answers.Sum(answer => answer.EntropySum), lengths.Sum()),
            new("frac_reward_zero_std", deviations.Count(deviation => deviation < 1e-8), deviations.Count),
            new("completions/mean_length", lengths.Sum(), lengths.Length),
            new("completions/min_length", lengths.Min(), 1),
            new("completions/max_length", lengths.Max(), 1),
            new("completions/clipped_ratio", lengths.Length - ended.Length, lengths.Length),
            new("completions/mean_terminated_length", ended.Sum(), Math.Max(1, ended.Length)),
            new("completions/min_terminated_length", ended.DefaultIfEmpty().Min(), 1),
            new("completions/max_terminated_length", ended.DefaultIfEmpty().Max(), 1),
        ];
        foreach (var (name, values) in scores.SelectMany(score => score.Parts).GroupBy(part => part.Key, part => part.Value.Value, StringComparer.Ordinal).Select(part => (part.Key, part.ToArray())))
        {
            metrics.Add(new($"rewards/{name}/mean", values.Sum(), values.Length));
            metrics.Add(new($"rewards/{name}/std", GroupRelative.Deviation(values), 1));
        }

        return metrics;
    }

    /// <summary>What the losses of the answers are divided by; token losses by all tokens of the step, as TRL's dapo does.</summary>
    public double Weight(IReadOnlyList<int> rows, bool evaluation) => config.EffectiveLossType switch
    {
        "grpo" => rows.Count,
        "dr_grpo" => (double)rows.Count * config.MaxCompletionLength,
        _ => rows.Sum(index => (double)_answers[index].Row.TrainedTokens),
    };

    public BatchOutcome Compute(IReadOnlyList<int> indices, bool evaluation)
    {
        using var scope = NewDisposeScope();
        List<TrainingRow> batch = [.. indices.Select(index => _answers[index].Row)];
        var logps = TokenLogps.Compute(model, batch, config.Temperature); // (L)
        Tensor OfTokens(Func<int, IEnumerable<float>> values) => tensor(indices.SelectMany(values).ToArray(), device: model.Device);
        Tensor Repeated(Func<int, double> value) => OfTokens(index => Enumerable.Repeat((float)value(index), _answers[index].Row.TrainedTokens));

        // The first step for a sampling is taken with the weights that sampled: its probabilities are the old ones.
        var known = _answers[indices[0]].OldLogps is not null;
        var old = known ? OfTokens(index => _answers[index].OldLogps!) : logps.detach();
        var reached = reference is null ? null
            : known ? OfTokens(index => _answers[index].ReferenceLogps!)
            : reference.Ask(asked => TokenLogps.Compute(asked, batch, config.Temperature));
        var advantages = Repeated(index => _answers[index].Advantage);
        var losses = GroupRelative.TokenLosses(logps, old, advantages, _low, _high);
        List<MetricSum> metrics = [.. _sampled];
        _sampled = [];
        if (config.NumIterations > 1)
        {
            metrics.AddRange(ClipRatios(logps, old, advantages));
            Remember(indices, old, reached);
        }

        if (reached is not null)
        {
            var divergence = GroupRelative.Divergence(logps, reached);
            losses = losses + (divergence * config.Beta);
            metrics.Add(new("kl", divergence.detach().sum().item<float>(), divergence.numel()));
        }

        if (config.EffectiveLossType == "grpo")
        {
            losses = losses / Repeated(index => _answers[index].Row.TrainedTokens);
        }

        return new BatchOutcome(losses.sum().MoveToOuterDisposeScope(), [.. batch.Select(row => row.InputIds.Length)], metrics);
    }

    /// <summary>TRL's; its extremes are over devices, of which there is one.</summary>
    private List<MetricSum> ClipRatios(Tensor logps, Tensor old, Tensor advantages)
    {
        var ((low, high), tokens) = (GroupRelative.Clipped(logps, old, advantages, _low, _high), logps.numel());
        return
        [
            new("clip_ratio/low_mean", low, tokens), new("clip_ratio/low_min", low, tokens), new("clip_ratio/high_mean", high, tokens),
            new("clip_ratio/high_max", high, tokens), new("clip_ratio/region_mean", low + high, tokens),
        ];
    }

    private void Remember(IReadOnlyList<int> indices, Tensor old, Tensor? reached)
    {
        var (ofPolicy, ofReference, begin) = (old.cpu().data<float>().ToArray(), reached?.cpu().data<float>().ToArray(), 0);
        foreach (var index in indices)
        {
            var end = begin + _answers[index].Row.TrainedTokens;
            _answers[index] = _answers[index] with { OldLogps = ofPolicy[begin..end], ReferenceLogps = ofReference?[begin..end] };
            begin = end;
        }
    }

    public void Dispose()
    {
        _judge.Dispose();
        reference?.Dispose();
    }
}
