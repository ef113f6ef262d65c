using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Training.Batching;

namespace Workbench.Learning.Training.Sft;

/// <summary>
/// Turns a row into ids and labels.
/// </summary>
internal sealed class RowEncoder(RunConfig config, SftLanguage language)
{
    /// <exception cref="RowEncodingException">Template or tokenizer cannot render the row.</exception>
    /// <exception cref="TrainingException">The run has no template or tokenizer for rows of this shape.</exception>
    public TrainingRow Encode(Row row, int line)
    {
        try
        {
            return row.Shape switch
            {
                RowShape.Tokenized => Tokenized(row.Json, line),
                RowShape.Text => Text(row.Json.GetProperty("text").GetString()!, line),
                _ => throw new TrainingException($"{config.Dataset} holds rows of the shape {row.Shape}, which cannot be trained on yet."),
            };
        }
        catch (Exception error) when (error is TokenizerException)
        {
            throw new RowEncodingException(error.Message, error);
        }
    }

    private PretrainedTokenizer Tokenizer =>
        language.Tokenizer ?? throw new TrainingException(PretrainedModel.NoTokenizer(config.ModelNameOrPath).Message);

    private static TrainingRow Tokenized(JsonElement row, int line)
    {
        static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];
        var ids = Ids(row.GetProperty("input_ids"));
        return new TrainingRow(ids, row.TryGetProperty("labels", out var labels) ? Ids(labels) : ids, line);
    }

    /// <summary>Continued pretraining: every token is trained, and the end of the text too, as TRL does.</summary>
    private TrainingRow Text(string text, int line)
    {
        var ids = Tokenizer.Tokenizer.Encode(text).Ids;
        if (Tokenizer.EosTokenId is { } eos && (ids.Length == 0 || ids[^1] != eos))
        {
            ids = [.. ids, eos];
        }

        return new TrainingRow(ids, ids, line);
    }
}
