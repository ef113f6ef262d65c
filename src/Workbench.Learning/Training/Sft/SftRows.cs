using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;

namespace Workbench.Learning.Training.Sft;

/// <summary>The rows of a run.</summary>
/// <param name="Train">To be trained; at least one.</param>
/// <param name="Eval">To be evaluated; may be none.</param>
/// <param name="Fingerprint">Of <paramref name="Train"/>.</param>
/// <param name="Notices">Rows cut or left out, limits lowered.</param>
internal sealed record SftRows(
    IReadOnlyList<TrainingRow> Train, IReadOnlyList<TrainingRow> Eval, string Fingerprint, IReadOnlyList<string> Notices)
{
    public static SftRows Load(RunConfig config, DecoderConfig model, SftLanguage language, CancellationToken stop)
    {
        var notices = new List<string>();
        var maxLength = Math.Min(config.MaxLength, model.MaxPositionEmbeddings);
        if (maxLength < config.MaxLength)
        {
            notices.Add($"max_length is {config.MaxLength}, above the model's context of {maxLength} tokens: {maxLength} is used.");
        }

        var encoder = new RowEncoder(config, language);
        SftDataset Read(string path)
        {
            var dataset = SftDataset.Load(path, encoder.Encode, maxLength, model.VocabSize, stop);
            notices.AddRange(dataset.Notices.Select(notice => $"{path}: {notice}"));
            return dataset;
        }

        var train = Read(config.Dataset);
        return new SftRows(train.Rows, config.Evaluates ? Read(config.EvalDataset!).Rows : [], train.Fingerprint(), notices);
    }
}
