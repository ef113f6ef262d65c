using Workbench.Data.Formats;
using Workbench.Learning.Models.Decoder;

namespace Workbench.Learning.Training.Batching;

/// <summary>The rows of a run.</summary>
/// <param name="Train">To be trained; at least one.</param>
/// <param name="Eval">To be evaluated; may be none.</param>
/// <param name="Fingerprint">Of <paramref name="Train"/>.</param>
/// <param name="Notices">Rows cut or left out, limits lowered.</param>
internal sealed record DatasetRows<TRow>(
    IReadOnlyList<TRow> Train, IReadOnlyList<TRow> Eval, string Fingerprint, IReadOnlyList<string> Notices)
    where TRow : IEncodedRow<TRow>
{
    /// <param name="config">Names the files and the longest row.</param>
    /// <param name="model">Bounds the length and the ids.</param>
    /// <param name="encode">From a row and its line to ids and labels.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <param name="split">Makes several rows of one that is too long; null cuts it at its end.</param>
    /// <exception cref="TrainingException">A file cannot be used; the message names it and the line.</exception>
    public static DatasetRows<TRow> Load(
        RunConfig config, DecoderConfig model, Func<Row, int, TRow> encode, CancellationToken stop, Func<TRow, int, IEnumerable<TRow>>? split = null)
    {
        var notices = new List<string>();
        var maxLength = Math.Min(config.MaxLength, model.MaxPositionEmbeddings);
        if (maxLength < config.MaxLength)
        {
            notices.Add($"max_length is {config.MaxLength}, above the model's context of {maxLength} tokens: {maxLength} is used.");
        }

        EncodedDataset<TRow> Read(string path)
        {
            var dataset = EncodedDataset<TRow>.Load(path, encode, maxLength, model.VocabSize, stop, split);
            notices.AddRange(dataset.Notices.Select(notice => $"{path}: {notice}"));
            return dataset;
        }

        var train = Read(config.Dataset);
        return new DatasetRows<TRow>(train.Rows, config.Evaluates ? Read(config.EvalDataset!).Rows : [], train.Fingerprint(), notices);
    }
}
