namespace Workbench.Learning.Training.Batching;

/// <summary>A row of a dataset as one or more sequences of tokens.</summary>
/// <typeparam name="TSelf">The row itself.</typeparam>
public interface IEncodedRow<TSelf>
    where TSelf : IEncodedRow<TSelf>
{
    /// <summary>Its sequences; each must have something to train on.</summary>
    IReadOnlyList<TrainingRow> Parts { get; }

    /// <summary>The row with each sequence changed.</summary>
    TSelf Map(Func<TrainingRow, TrainingRow> change);
}
