using System.Text.Json;
using Workbench.Learning.Training;

namespace Workbench.Learning.Evaluation;

/// <summary>What a model in training answered at one evaluation: a line of the run's <c>samples.jsonl</c>.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Samples">The same rows at every evaluation.</param>
/// <param name="Worst">The rows whose answers the model finds least probable, the worst first.</param>
public sealed record SamplePoint(int Step, IReadOnlyList<AnswerSample> Samples, IReadOnlyList<WorstRow> Worst)
{
    private static readonly JsonSerializerOptions OneLine = new(RunConfig.Json) { WriteIndented = false };

    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, OneLine);

    /// <summary>The point of a line; null where it is not whole.</summary>
    public static SamplePoint? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<SamplePoint>(line, OneLine) is { Samples: not null, Worst: not null } point ? point : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The answer to a row of the evaluation set, without sampling.</summary>
/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Prompt">What the model read, its end where it is long.</param>
/// <param name="Completion">What it answered.</param>
/// <param name="Reference">What the row has in its place.</param>
/// <param name="FinishReason">stop or length.</param>
public sealed record AnswerSample(int Line, string Prompt, string Completion, string Reference, string FinishReason);

/// <summary>A row that the model finds improbable.</summary>
/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Loss">Mean of -log p over the labels of the row.</param>
/// <param name="Prompt">What the model reads, its end where it is long.</param>
/// <param name="Reference">What it should answer.</param>
public sealed record WorstRow(int Line, double Loss, string Prompt, string Reference);
