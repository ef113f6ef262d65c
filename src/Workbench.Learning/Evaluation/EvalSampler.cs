using TorchSharp;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Generation;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Lora;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Preference;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Evaluation;

/// <summary>
/// Has a few rows of the evaluation set answered (<c>eval_samples</c>) and finds the rows that go worst. Greedy: it takes nothing from the
/// run's random state, so that a run with samples trains as one without.
/// </summary>
internal sealed class EvalSampler(RunConfig config, DecoderModel model, PretrainedTokenizer tokenizer)
{
    /// <summary>Longest answer in tokens.</summary>
    public const int MaxTokens = 128;

    /// <summary>Rows whose loss is looked at.</summary>
    public const int JudgedRows = 256;

    /// <summary>Rows shown as the worst.</summary>
    public const int WorstRows = 5;

    private const int MaxCharacters = 4000;

    /// <summary>Answers and judges.</summary>
    /// <param name="rows">The evaluation set; of a pair the better answer.</param>
    /// <param name="step">Optimizer steps done.</param>
    /// <param name="stop">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public SamplePoint Take(IReadOnlyList<TrainingRow> rows, int step, CancellationToken stop)
    {
        using var off = no_grad();
        return new SamplePoint(step, Answer(Spread(rows, config.EvalSamples), stop), Worst(Spread(rows, JudgedRows), stop));
    }

    private List<AnswerSample> Answer(List<TrainingRow> rows, CancellationToken stop)
    {
        using var merged = model.Adapters.Active is null ? null : MergedModel.Copy(model);
        using var engine = new AnswerEngine(() => new CachedDecoder(merged ?? model, HeldWeights.Float32));
        var room = model.Config.MaxPositionEmbeddings;
        var answers = rows.Select(row => new Answer(
            [.. row.InputIds[..PromptLength(row)].TakeLast(room - 1)], new SamplingOptions { Temperature = 0, MaxTokens = MaxTokens }, tokenizer, room)).ToList();
        answers.ForEach(engine.Submit);
        return [.. rows.Zip(answers, (row, answer) =>
        {
            List<GeneratedToken> tokens = [.. answer.Read(stop)];
            return new AnswerSample(row.Line, Prompt(row), string.Concat(tokens.Select(token => token.Text)), Reference(row), tokens[^1].FinishReason ?? "");
        })];
    }

    private List<WorstRow> Worst(List<TrainingRow> rows, CancellationToken stop)
    {
        var judged = new List<(TrainingRow Row, double Loss)>();
        foreach (var batch in rows.Chunk(config.PerDeviceEvalBatchSize))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var losses = (-SequenceLogps.Compute(model, batch).Means).cpu().to_type(ScalarType.Float64).data<double>().ToArray();
            judged.AddRange(batch.Zip(losses));
        }

        return [.. judged.OrderByDescending(row => double.IsNaN(row.Loss) ? double.PositiveInfinity : row.Loss).Take(WorstRows)
            .Select(row => new WorstRow(row.Row.Line, row.Loss, Prompt(row.Row), Reference(row.Row)))];
    }

    /// <summary>At most so many rows, evenly over the set: the same at every evaluation.</summary>
    private static List<TrainingRow> Spread(IReadOnlyList<TrainingRow> rows, int count) =>
        [.. Enumerable.Range(0, Math.Min(count, rows.Count)).Select(i => rows[(int)((long)i * rows.Count / Math.Min(count, rows.Count))])];

    /// <summary>Tokens before the first trained one; of text that is trained from its beginning the first half, at most 32.</summary>
    internal static int PromptLength(TrainingRow row)
    {
        var first = Array.FindIndex(row.Labels, label => label != TrainingRow.Ignored);
        return first > 1 ? first : Math.Clamp(row.InputIds.Length / 2, 1, 32);
    }

    private string Prompt(TrainingRow row)
    {
        var text = tokenizer.Tokenizer.Decode(row.InputIds[..PromptLength(row)], skipSpecialTokens: false);
        return text.Length > MaxCharacters ? "…" + text[^MaxCharacters..] : text;
    }

    private string Reference(TrainingRow row)
    {
        var text = tokenizer.Tokenizer.Decode(row.InputIds[PromptLength(row)..], skipSpecialTokens: false);
        return text.Length > MaxCharacters ? text[..MaxCharacters] + "…" : text;
    }
}
