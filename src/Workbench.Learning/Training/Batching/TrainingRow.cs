namespace Workbench.Learning.Training.Batching;

/// <summary>A row ready for training.</summary>
/// <param name="InputIds">Token ids.</param>
/// <param name="Labels">As long as <paramref name="InputIds"/> and aligned with it: the id where it is trained, else <see cref="Ignored"/>.</param>
/// <param name="Line">Line of the dataset file, from 1, for messages.</param>
public sealed record TrainingRow(int[] InputIds, int[] Labels, int Line) : IEncodedRow<TrainingRow>
{
    public IReadOnlyList<TrainingRow> Parts => [this];

    public TrainingRow Map(Func<TrainingRow, TrainingRow> change) => change(this);

    /// <summary>The label of what is not trained, as in PyTorch's cross entropy and transformers.</summary>
    public const int Ignored = -100;

    /// <summary>
    /// As long as <see cref="Labels"/>: what the loss of each token is multiplied by, above 0 where there is a label; null is 1.
    /// </summary>
    public float[]? Weights { get; init; }

    /// <summary>What the losses of the row are divided by: the sum of the weights of its trained tokens.</summary>
    public double TrainedWeight =>
        Weights is null ? TrainedTokens : Enumerable.Range(1, Labels.Length - 1).Sum(t => Labels[t] == Ignored ? 0 : Weights[t]);

    /// <summary>The first <paramref name="length"/> tokens.</summary>
    public TrainingRow Cut(int length) =>
        this with { InputIds = InputIds[..length], Labels = Labels[..length], Weights = Weights?[..length] };

    /// <summary>Tokens that the loss counts: labels are shifted by one, so the first predicts nothing.</summary>
    public int TrainedTokens => Labels.Skip(1).Count(label => label != Ignored);

    /// <summary>What makes the row unusable with an embedding of <paramref name="vocabSize"/> rows, or null.</summary>
    public string? Problem(int vocabSize)
    {
        var id = Array.FindIndex(InputIds, value => value < 0 || value >= vocabSize);
        if (id >= 0)
        {
            return $"input_ids[{id}] is {InputIds[id]}, but the model's embedding has ids from 0 to {vocabSize - 1}.";
        }

        var label = Array.FindIndex(Labels, value => value != Ignored && (value < 0 || value >= vocabSize));
        return label >= 0
            ? $"labels[{label}] is {Labels[label]}, but a label is {Ignored} or an id from 0 to {vocabSize - 1}."
            : null;
    }
}
