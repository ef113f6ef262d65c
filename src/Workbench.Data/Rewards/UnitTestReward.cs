using System.Globalization;
using System.Text.RegularExpressions;
using Workbench.Data.Rewards.Sandbox;

namespace Workbench.Data.Rewards;

/// <summary>
/// The answer's program passes the row's tests: the program is the answer's last code block (or all of the answer without one), the tests follow it
/// in the same file, as HumanEval and MBPP run theirs. Exit status 0 is a pass.
/// </summary>
public sealed partial record UnitTestReward : IReward
{
    public double Weight { get; init; } = 1;

    /// <summary>Column with the tests: a program's text, or a list of statements.</summary>
    public string Column { get; init; } = "test";

    /// <summary>What runs the file <c>program</c>.</summary>
    public IReadOnlyList<string> Command { get; init; } = ["/usr/bin/python3", "-I", "program"];

    public SandboxLimits Limits { get; init; } = new();

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare()
    {
        if (Command.Count == 0 || Limits.Seconds is < 1 or > 600 || Limits.MemoryMb is < 16 or > 65536 || Limits.DiskMb is < 1 or > 4096 || Limits.Processes is < 1 or > 4096)
        {
            throw new RewardException("unit_tests: command must name a program, and limits be seconds 1 to 600, memory_mb 16 to 65536, disk_mb 1 to 4096, processes 1 to 4096.");
        }

        return input =>
        {
            var program = Code(input.Completion) + "\n\n" + string.Join('\n', input.References("unit_tests", Column)) + "\n";
            var result = ProcessSandbox.Run(program, Command, Limits);
            return result.ExitCode switch
            {
                0 => RewardScore.Right,
                null => RewardScore.Wrong(string.Create(CultureInfo.InvariantCulture, $"not done after {Limits.Seconds} s")),
                var code => RewardScore.Wrong(string.Create(CultureInfo.InvariantCulture, $"exit status {code}: {LastLine(result.Output)}")),
            };
        };
    }

    private static string Code(string answer) => Fence().Matches(answer) is { Count: > 0 } blocks ? blocks[^1].Groups[1].Value : answer;

    private static string LastLine(string output)
    {
        var line = output.TrimEnd()[(output.TrimEnd().LastIndexOf('\n') + 1)..];
        return line.Length <= 200 ? line : line[..200] + "…";
    }

    [GeneratedRegex(@"^```[^\n`]*\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Fence();
}
