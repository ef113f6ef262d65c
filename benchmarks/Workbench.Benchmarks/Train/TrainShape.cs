namespace Workbench.Benchmarks.Train;

/// <summary>A model to train with random weights, by the peer's name for its shape.</summary>
/// <param name="Name">As peers/torch_trainer.py init takes it.</param>
/// <param name="Vocabulary">Ids of the rows lie below.</param>
/// <param name="Steps">Optimizer steps that are timed, after one that warms both sides.</param>
internal sealed record TrainShape(string Name, int Vocabulary, int Steps)
{
    public static readonly TrainShape[] All = [new("stories15M", 32_000, 8), new("smollm2-135M", 49_152, 3)];
}
