namespace Workbench.Learning.Training.Batching;

/// <summary>A document longer than a row of continued pretraining, as several rows.</summary>
internal static class DocumentChunks
{
    /// <summary>
    /// Rows of at most <paramref name="length"/> tokens. Each begins with the token that the one before ended with, since the first token
    /// of a row is only read and never predicted: so every token but the document's first is trained, and exactly once.
    /// </summary>
    /// <param name="document">Longer than <paramref name="length"/>.</param>
    /// <param name="length">At least 2.</param>
    public static IEnumerable<TrainingRow> Split(TrainingRow document, int length)
    {
        for (var start = 0; start + 1 < document.InputIds.Length; start += length - 1)
        {
            var part = start..Math.Min(start + length, document.InputIds.Length);
            yield return document with { InputIds = document.InputIds[part], Labels = document.Labels[part], Weights = document.Weights?[part] };
        }
    }
}
