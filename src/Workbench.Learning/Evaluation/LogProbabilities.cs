using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Losses;
using static TorchSharp.torch;

namespace Workbench.Learning.Evaluation;

/// <summary>How probable a model finds given tokens.</summary>
/// <param name="LogpSum">Sum of the natural logarithms of the probabilities of all labels.</param>
/// <param name="Tokens">Number of labels.</param>
/// <param name="Nll">Mean negative log-likelihood, in nats a label; NaN without labels.</param>
public sealed record LogProbabilities(double LogpSum, long Tokens, double Nll)
{
    /// <summary>Scores one sequence.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputIds">Token ids.</param>
    /// <param name="labels">Aligned with <paramref name="inputIds"/>, -100 where not scored; the first scores nothing. Null scores all.</param>
    /// <exception cref="ArgumentException">The sequence is empty, too long, or holds an id without a row in the embedding.</exception>
    public static LogProbabilities Score(DecoderModel model, IReadOnlyList<int> inputIds, IReadOnlyList<int>? labels = null)
    {
        labels ??= inputIds;
        if (inputIds.Count == 0 || labels.Count != inputIds.Count)
        {
            throw new ArgumentException($"input_ids has {inputIds.Count} tokens and labels {labels.Count}; they must be as many, at least one.");
        }

        if (inputIds.Count > model.Config.MaxPositionEmbeddings)
        {
            throw new ArgumentException($"input_ids has {inputIds.Count} tokens, but the model's context is {model.Config.MaxPositionEmbeddings}.");
        }

        var row = new TrainingRow([.. inputIds], [.. labels], Line: 1);
        if (row.Problem(model.Config.VocabSize) is { } problem)
        {
            throw new ArgumentException(problem);
        }

        using var off = no_grad();
        using var scope = NewDisposeScope();
        var loss = CausalLanguageModelLoss.Compute(model, TokenBatch.Pad([row]));
        double sum = -loss.LossSum.item<float>();
        return new LogProbabilities(sum, loss.LabelCount, loss.LabelCount == 0 ? double.NaN : -sum / loss.LabelCount);
    }
}
