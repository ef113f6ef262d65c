namespace Workbench.Learning.Training.Batching;

/// <summary>A row ready for training.</summary>
/// <param name="InputIds">Token ids.</param>
/// <param name="Labels">As long as <paramref name="InputIds"/> and aligned with it: the id where it is trained, else <see cref="Ignored"/>.</param>
/// <param name="Line">Line of the dataset file, from 1, for messages.</param>
public sealed record TrainingRow(int[] InputIds, int[] Labels, int Line)
{
    /// <summary>The label of what is not trained, as in PyTorch's cross entropy and transformers.</summary>
    public const int Ignored = -100;

    /// <summary>Tokens that the loss counts: labels are shifted by one, so the first predicts nothing.</summary>
    public int TrainedTokens => Labels.Skip(1).Count(label => label != Ignored);
}
