using System.Text.Json;
using Workbench.Learning.Training.Batching;

namespace Workbench.Learning.Training.Grpo;

/// <summary>An answer that was sampled, and what was found out about it in the first step that trained it.</summary>
/// <param name="Row">Prompt and answer; the answer is labelled.</param>
/// <param name="Advantage">How much better it is than its group's mean.</param>
internal sealed record SampledAnswer(TrainingRow Row, double Advantage)
{
    private const string FileName = "rollouts.json";

    /// <summary>By token of the answer, under the policy that sampled it; null before the first step.</summary>
    public float[]? OldLogps { get; init; }

    /// <summary>The same under the reference; null where there is none.</summary>
    public float[]? ReferenceLogps { get; init; }

    /// <param name="prompt">The row that was answered.</param>
    /// <param name="answer">At least one token.</param>
    public static TrainingRow Join(TrainingRow prompt, int[] answer) => Join(prompt.InputIds, answer, prompt.Line);

    private static TrainingRow Join(int[] prompt, int[] answer, int line) =>
        new([.. prompt, .. answer], [.. prompt.Select(_ => TrainingRow.Ignored), .. answer], line);

    /// <summary>Writes the answers of a step into a checkpoint: later weights would not sample them again.</summary>
    public static void Write(string directory, IEnumerable<SampledAnswer> answers) => File.WriteAllText(
        Path.Combine(directory, FileName),
        JsonSerializer.Serialize(answers.Select(answer => new Stored(
            answer.Row.InputIds[..^answer.Row.TrainedTokens], answer.Row.InputIds[^answer.Row.TrainedTokens..], answer.Row.Line, answer.Advantage, answer.OldLogps, answer.ReferenceLogps))));

    /// <exception cref="TrainingException">The file is missing or damaged.</exception>
    public static List<SampledAnswer> Read(string directory)
    {
        try
        {
            return [.. JsonSerializer.Deserialize<List<Stored>>(File.ReadAllBytes(Path.Combine(directory, FileName)))!.Select(stored =>
                new SampledAnswer(Join(stored.Prompt, stored.Answer, stored.Line), stored.Advantage) { OldLogps = stored.Old, ReferenceLogps = stored.Reference })];
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new TrainingException($"{directory} cannot be resumed from ({error.Message}): delete it to resume from an earlier one.", error);
        }
    }

    private sealed record Stored(int[] Prompt, int[] Answer, int Line, double Advantage, float[]? Old, float[]? Reference);
}
