namespace Workbench.Learning.Training;

/// <summary>One thing wrong with a configuration.</summary>
/// <param name="Key">The option, under its name in JSON; empty where the whole text is meant.</param>
/// <param name="Message">A sentence that names the option and the remedy.</param>
public sealed record RunConfigProblem(string Key, string Message);

/// <summary>A configuration that no run may start with.</summary>
public sealed class RunConfigException : Exception
{
    public RunConfigException(IReadOnlyList<RunConfigProblem> problems)
        : base(string.Join(Environment.NewLine, problems.Select(problem => problem.Message))) => Problems = problems;

    public IReadOnlyList<RunConfigProblem> Problems { get; }
}
