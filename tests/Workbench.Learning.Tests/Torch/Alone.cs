namespace Workbench.Learning.Tests.Torch;

/// <summary>Tests that read what the whole process shares (live tensors, resident memory, the default generator) run
/// alone.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
