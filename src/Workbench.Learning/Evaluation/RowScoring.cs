using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Preference;
using Workbench.Learning.Training.Sft;

namespace Workbench.Learning.Evaluation;

/// <summary>Rows of any shape as sequences that a model scores: by the template, tokenizer and masks that training uses.</summary>
internal sealed class RowScoring(SftLanguage language)
{
    private readonly RowEncoder answers = new(new RunConfig { AssistantOnlyLoss = true }, language);
    private readonly RowEncoder last = new(new RunConfig { LastTurnOnlyLoss = true }, language);

    public bool HasTokenizer => language.Tokenizer is not null;

    /// <summary>The row with its answers labelled; of a pair, the chosen one; all of a text.</summary>
    /// <exception cref="RowFormatException">The row has no answer.</exception>
    /// <exception cref="RowEncodingException">Template or tokenizer cannot render it.</exception>
    /// <exception cref="TrainingException">The model has no template or tokenizer for rows of this shape.</exception>
    public TrainingRow Answers(Row row) => answers.Encode(Chosen(row), line: 1);

    /// <summary>The row with its last answer labelled.</summary>
    /// <inheritdoc cref="Answers" path="/exception"/>
    public TrainingRow LastAnswer(Row row) => row.Shape == RowShape.Text
        ? throw new RowFormatException("a text has no prompt that an answer follows")
        : last.Encode(Chosen(row), line: 1);

    /// <summary>All of the row; of a pair, the prompt with the chosen answer.</summary>
    /// <inheritdoc cref="Answers" path="/exception"/>
    public TrainingRow Whole(Row row) => answers.EncodeText(row.Shape == RowShape.Prompt ? Prompt(row) : Chosen(row), line: 1);

    /// <summary>
    /// The labelled tokens of a row alone: behind the beginning-of-sequence token where the row has one. Labels are those that are also
    /// predicted in the row itself, so that both are scored over the same tokens.
    /// </summary>
    /// <returns>Null where nothing can be scored alone.</returns>
    public TrainingRow? Alone(TrainingRow row)
    {
        var own = Enumerable.Range(0, row.InputIds.Length).Where(at => row.Labels[at] != TrainingRow.Ignored).Select(at => row.InputIds[at]).ToArray();
        var begins = language.Tokenizer?.BosTokenId is { } bos && row.InputIds[0] == bos;
        int[] ids = begins ? [row.InputIds[0], .. own] : own;
        return ids.Length < 2 ? null : new TrainingRow(ids, ids, row.Line);
    }

    /// <summary>The row without the label of its first answer token where that has nothing before it in <see cref="Alone"/>.</summary>
    public static TrainingRow SameTokens(TrainingRow row, TrainingRow alone)
    {
        var labelled = row.Labels.Count(label => label != TrainingRow.Ignored);
        if (alone.InputIds.Length > labelled)
        {
            return row;
        }

        var labels = row.Labels.ToArray();
        labels[Array.FindIndex(labels, label => label != TrainingRow.Ignored)] = TrainingRow.Ignored;
        return row with { Labels = labels };
    }

    private static Row Chosen(Row row)
    {
        if (row.Shape != RowShape.Preference || row.Json.GetProperty("chosen").ValueKind == JsonValueKind.Object)
        {
            return row;
        }

        var (prompt, chosen, _) = PreferencePrompt.Split(row.Json, row.Json.GetProperty("chosen"), row.Json.GetProperty("rejected"));
        var json = JsonObject.Create(row.Json)!;
        json["prompt"] = JsonSerializer.SerializeToNode(prompt);
        json["completion"] = JsonSerializer.SerializeToNode(chosen);
        return new Row(RowShape.PromptCompletion, JsonSerializer.SerializeToElement(json));
    }

    private static Row Prompt(Row row)
    {
        var prompt = row.Json.GetProperty("prompt");
        var json = JsonObject.Create(row.Json)!;
        var isText = prompt.ValueKind == JsonValueKind.String;
        json[isText ? "text" : "messages"] = JsonSerializer.SerializeToNode(prompt);
        return new Row(isText ? RowShape.Text : RowShape.Messages, JsonSerializer.SerializeToElement(json));
    }
}
