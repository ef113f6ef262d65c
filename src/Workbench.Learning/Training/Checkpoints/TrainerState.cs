using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Learning.Training.Checkpoints;

/// <summary>
/// What a resumed run has to know besides weights and optimizer moments. Row order and learning rate follow from the
/// configuration and <see cref="Step"/>.
/// </summary>
public sealed record TrainerState
{
    /// <summary>Optimizer steps done.</summary>
    public int Step { get; init; }

    /// <summary>Tokens seen.</summary>
    public long NumTokens { get; init; }

    /// <summary>Sum of the losses of all steps.</summary>
    public double LossSum { get; init; }

    /// <summary>What was gathered since the last logged point.</summary>
    public MetricWindow Window { get; init; } = new();

    /// <summary>SHA-256 of all token ids and labels: another dataset cannot go on with these positions.</summary>
    public string DataFingerprint { get; init; } = "";

    /// <summary>SHA-256 of the weights of the reference model; empty where there is none.</summary>
    public string ReferenceFingerprint { get; init; } = "";

    /// <summary>SHA-256 of the weights under the adapter; empty where there is none.</summary>
    public string BaseFingerprint { get; init; } = "";

    /// <summary>The best evaluation so far; null before the first.</summary>
    public double? BestMetric { get; init; }

    /// <summary>The step of the checkpoint with <see cref="BestMetric"/>; null where none was saved for it.</summary>
    public int? BestStep { get; init; }

    /// <summary>Evaluations since the last one that was better.</summary>
    public int EvaluationsWithoutImprovement { get; init; }

    // The loss of a diverged run is NaN, and it must be possible to save and resume it all the same.
    private static readonly JsonSerializerOptions Json = new(RunConfig.Json) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private const string FileName = "trainer_state.json";

    internal void Write(string directory) => File.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(this, Json));

    /// <exception cref="TrainingException">The file is missing or damaged.</exception>
    internal static TrainerState Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainerState>(File.ReadAllBytes(Path.Combine(directory, FileName)), Json)!;
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new TrainingException($"{directory} cannot be resumed from ({error.Message}): delete it to resume from an earlier one.", error);
        }
    }
}
