using TorchSharp;
using Workbench.Data.Rewards;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Objectives;
using Workbench.Learning.Training.Preference;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Grpo;

/// <summary>GRPO: prompts are answered several times by the policy itself, and answers that are better than their group's mean become more probable.</summary>
/// <remarks>Left out: several steps for one sampling (num_iterations), and evaluation, which the rewards of training stand for.</remarks>
internal sealed class GrpoObjective(
    RunConfig config, DecoderModel model, PretrainedTokenizer tokenizer, DatasetRows<PromptRow> rows, ReferenceLogps? reference) : IObjective
{
    private readonly Rollouts _rollouts = new(config, model, tokenizer);
    private readonly Func<RewardInput, CombinedScore> _judge = GrpoRules.Rewards(config).Prepare();
    private readonly List<(TrainingRow Row, double Advantage)> _answers = [];
    private List<MetricSum> _sampled = [];

    public int RowCount => rows.Train.Count;

    public int EvalRowCount => 0;

    public IEnumerable<TrainingRow> EvalRows => [];

    public string Fingerprint => rows.Fingerprint;

    public string ReferenceFingerprint => reference?.Fingerprint ?? "";

    public IReadOnlyList<string> Notices => rows.Notices;

    /// <summary>Has the prompts answered, and the answers judged.</summary>
    public IReadOnlyList<int> Begin(IReadOnlyList<int> window, int step)
    {
        PromptRow[] prompts = [.. window.Select(index => rows.Train[index])];
        var answers = _rollouts.Sample([.. prompts.Select(row => row.Prompt.InputIds)], step);
        var scores = answers.Select((answer, i) => Judge(prompts[i / config.NumGenerations], answer)).ToList();
        _answers.Clear();
        List<double> deviations = [];
        foreach (var (group, row) in scores.Chunk(config.NumGenerations).Zip(prompts))
        {
            var rewards = group.Select(score => score.Total).ToArray();
            deviations.Add(GroupRelative.Deviation(rewards));
            foreach (var advantage in GroupRelative.Advantages(rewards, config.ScaleRewards))
            {
                _answers.Add((Join(row.Prompt, answers[_answers.Count].Ids), advantage));
            }
        }

        _sampled = Describe(answers, scores, deviations);
        return [.. Enumerable.Range(0, _answers.Count)];
    }

    private CombinedScore Judge(PromptRow row, Rollout answer)
    {
        try
        {
            return _judge(new RewardInput(row.Row, answer.Text));
        }
        catch (RewardException error)
        {
            throw new TrainingException($"{config.Dataset}, line {row.Prompt.Line}: {error.Message}", error);
        }
    }

    private static TrainingRow Join(TrainingRow prompt, int[] answer) =>
        new([.. prompt.InputIds, .. answer], [.. prompt.InputIds.Select(_ => TrainingRow.Ignored), .. answer], prompt.Line);

    /// <summary>Under TRL's names.</summary>
    private static List<MetricSum> Describe(List<Rollout> answers, List<CombinedScore> scores, List<double> deviations)
    {
        int[] lengths = [.. answers.Select(answer => answer.Ids.Length)];
        int[] ended = [.. answers.Where(answer => answer.Terminated).Select(answer => answer.Ids.Length)];
        List<MetricSum> metrics =
        [
            new("reward", scores.Sum(score => score.Total), scores.Count),
            new("reward_std", deviations.Sum(), deviations.Count),
            new("frac_reward_zero_std", deviations.Count(deviation => deviation < 1e-8), deviations.Count),
            new("completions/mean_length", lengths.Sum(), lengths.Length),
            new("completions/min_length", lengths.Min(), 1),
            new("completions/max_length", lengths.Max(), 1),
            new("completions/clipped_ratio", lengths.Length - ended.Length, lengths.Length),
            new("completions/mean_terminated_length", ended.Sum(), ended.Length),
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
        Tensor OfTokens(Func<int, double> value) => tensor(
            indices.SelectMany(index => Enumerable.Repeat((float)value(index), _answers[index].Row.TrainedTokens)).ToArray(), device: model.Device);
        var losses = GroupRelative.TokenLosses(logps, OfTokens(index => _answers[index].Advantage));
        List<MetricSum> metrics = [.. _sampled];
        _sampled = [];
        if (reference is not null)
        {
            var divergence = GroupRelative.Divergence(logps, reference.Ask(asked => TokenLogps.Compute(asked, batch, config.Temperature)));
            losses = losses + (divergence * config.Beta);
            metrics.Add(new("kl", divergence.detach().sum().item<float>(), divergence.numel()));
        }

        if (config.EffectiveLossType == "grpo")
        {
            losses = losses / OfTokens(index => _answers[index].Row.TrainedTokens);
        }

        return new BatchOutcome(losses.sum().MoveToOuterDisposeScope(), [.. batch.Select(row => row.InputIds.Length)], metrics);
    }

    public void Dispose() => reference?.Dispose();
}
