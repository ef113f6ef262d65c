using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Sandbox;

namespace Workbench.Tests.Data.Rewards;

/// <summary>Programs that a model wrote, run apart from everything.</summary>
public sealed class SandboxTests
{
    private static readonly string[] Shell = ["/bin/sh", "program"];
    private static readonly SandboxLimits Limits = new() { Seconds = 10 };

    private static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            return ProcessSandbox.Run("exit 0", Shell, Limits).ExitCode == 0 ? null : "the sandbox does not start";
        }
        catch (RewardException exception)
        {
            return exception.Message;
        }
    });

    [Fact]
    public void A_program_has_its_own_folder_its_exit_status_and_its_output()
    {
        Require();
        var result = ProcessSandbox.Run("pwd; echo written > file && cat file; exit 3", Shell, Limits);
        Assert.Equal((3, "/work\nwritten\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void It_sees_no_file_of_ours_no_network_no_process_and_no_variable()
    {
        Require();
        var secret = Path.GetTempFileName();
        try
        {
            Environment.SetEnvironmentVariable("WORKBENCH_TEST_SECRET", "secret");
            var result = ProcessSandbox.Run(
                $"""
                cat '{secret}' 2>/dev/null && echo file
                ls -d /root /home /etc/passwd '{Environment.CurrentDirectory}' 2>/dev/null && echo folders
                [ -z "$WORKBENCH_TEST_SECRET" ] || echo variable
                touch /usr/bin/mine 2>/dev/null && echo system
                mount -t tmpfs none /work 2>/dev/null && echo mount
                kill -0 {Environment.ProcessId} 2>/dev/null && echo process
                ls /old 2>/dev/null
                exit 0
                """, Shell, Limits);
            Assert.Equal((0, ""), (result.ExitCode, result.Output));
        }
        finally
        {
            Environment.SetEnvironmentVariable("WORKBENCH_TEST_SECRET", null);
            File.Delete(secret);
        }
    }

    [Fact]
    public void Time_memory_disk_and_output_are_bounded()
    {
        Require();
        Assert.Null(ProcessSandbox.Run("(while :; do :; done) & sleep 600", Shell, Limits with { Seconds = 1 }).ExitCode);
        Assert.NotEqual(0, ProcessSandbox.Run("x=$(head -c 200000000 /dev/zero | tr '\\0' a); echo ${#x}", Shell, Limits with { MemoryMb = 64 }).ExitCode);
        Assert.NotEqual(0, ProcessSandbox.Run("head -c 20000000 /dev/zero > file", Shell, Limits with { DiskMb = 4 }).ExitCode);
        Assert.Equal(16 * 1024, ProcessSandbox.Run("head -c 3000000 /dev/zero | tr '\\0' a", Shell, Limits).Output.Length);
    }

    [Theory]
    [InlineData("Here it is:\n```python\ndef add(a, b):\n    return a + b\n```\nDone.", 1, null)]
    [InlineData("def add(a, b):\n    return a - b", 0, "exit status 1: AssertionError")]
    [InlineData("```python\ndef add(a, b)\n```", 0, "SyntaxError")]
    [InlineData("```python\nwhile True: pass\n```", 0, "not done after 2 s")]
    public void Unit_tests_judge_the_last_code_block(string answer, double score, string? reason)
    {
        Require();
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "/usr/bin/python3 is not there");
        var judge = new UnitTestReward { Limits = Limits with { Seconds = 2 } }.Prepare();
        var result = judge(new RewardInput(Rows.Parse("""{"prompt":"Write add.","test":["assert add(2, 3) == 5"]}"""), answer));
        Assert.Equal(score, result.Value);
        Assert.Contains(reason ?? "", result.Reason ?? "", StringComparison.Ordinal);
    }

    private static void Require() => Assert.SkipUnless(Missing.Value is null, Missing.Value ?? "");
}
