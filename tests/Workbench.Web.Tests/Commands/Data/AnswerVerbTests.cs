using System.Diagnostics;
using System.Text.Json;
using Workbench.Web.Commands;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Commands.Data;

/// <summary><c>workbench data distil</c> and <c>candidates</c> against an endpoint on this machine.</summary>
public sealed class AnswerVerbTests
{
    private const string Rewards = """{"rewards":[{"reward":"numeric","weight":1}]}""";

    private static string Asked(JsonElement request) => request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;

    private static string[] Questions(int count) => [.. Enumerable.Range(1, count).Select(i => $$"""{"prompt":"q{{i}}","completion":"old"}""")];

    [Fact]
    public async Task Distil_puts_the_teachers_answer_in_place_of_the_rows_own_in_the_form_of_the_row()
    {
        await using var endpoint = await FakeEndpoint.StartAsync((request, _) => (200, $"to {Asked(request)}"));
        var run = await VerbRun.OfAsync(
            ["data", "distil", "--endpoint", endpoint.Url, "--model", "t", "--system", "Be brief."],
            """{"prompt":"a","completion":"old","topic":"x"}""",
            """{"messages":[{"role":"user","content":"b"},{"role":"assistant","content":"old"}]}""");
        Assert.Equal((0, 2), (run.Code, run.Lines.Count));
        Assert.Equal("""{"prompt":"a","completion":"to a","topic":"x","finish_reason":"stop"}""", run.Lines[0]);
        Assert.Equal("""[{"role":"user","content":"b"},{"role":"assistant","content":"to b"}]""", run[1].GetProperty("messages").GetRawText());
        Assert.All(endpoint.Requests, request => Assert.Equal("Be brief.", request.GetProperty("messages")[0].GetProperty("content").GetString()));
        Assert.All(endpoint.Requests, request => Assert.Equal("t", request.GetProperty("model").GetString()));
    }

    [Fact]
    public async Task Answers_come_in_the_order_of_the_rows_whatever_the_order_of_the_teacher()
    {
        using var last = new ManualResetEventSlim();
        await using var endpoint = await FakeEndpoint.StartAsync((request, _) =>
        {
            if (Asked(request) == "q3")
            {
                last.Set();
            }
            else
            {
                last.Wait(TimeSpan.FromSeconds(30)); // q1 and q2 answer after q3
            }

            return (200, Asked(request));
        });
        var run = await VerbRun.OfAsync(["data", "distil", "--endpoint", endpoint.Url, "--model", "t", "--concurrency", "3"], Questions(3));
        Assert.Equal(["q1", "q2", "q3"], Enumerable.Range(0, 3).Select(i => run[i].GetProperty("completion").GetString()));
    }

    [Fact]
    public async Task Busy_and_broken_answers_are_tried_again_and_a_refused_prompt_costs_its_row_only()
    {
        await using var endpoint = await FakeEndpoint.StartAsync((request, n) => (n, Asked(request)) switch
        {
            (1, _) => (429, "slow down"),
            (2, _) => (503, "starting"),
            (_, "q2") => (400, "too long"),
            _ => (200, "new"),
        });
        var run = await VerbRun.OfAsync(["data", "distil", "--endpoint", endpoint.Url, "--model", "t", "--concurrency", "1"], Questions(3));
        Assert.Equal((1, 3, 5), (run.Code, run.Lines.Count, endpoint.Requests.Count));
        Assert.Equal("new", run[0].GetProperty("completion").GetString());
        var error = run[1].GetProperty("error");
        Assert.Equal((2, "the endpoint refused the prompt: 400 too long"), (error.GetProperty("lineno").GetInt32(), error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task An_endpoint_that_stays_away_or_wants_another_key_ends_the_run_in_words()
    {
        await using var away = await FakeEndpoint.StartAsync((_, _) => (500, "no"));
        var run = await VerbRun.OfAsync(["data", "distil", "--endpoint", away.Url, "--model", "t", "--retries", "2"], Questions(1));
        Assert.NotEqual(0, run.Code);
        Assert.Equal(3, away.Requests.Count);
        Assert.Contains("3 tries", run.Complaints, StringComparison.Ordinal);

        await using var closed = await FakeEndpoint.StartAsync((_, _) => (401, "bad key"));
        run = await VerbRun.OfAsync(["data", "distil", "--endpoint", closed.Url, "--model", "t"], Questions(1));
        Assert.NotEqual(0, run.Code);
        Assert.Single(closed.Requests);
        Assert.Contains("--api-key-env", run.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spent_budget_ends_the_run_and_the_next_one_pays_only_for_what_is_missing()
    {
        var output = Path.Combine(TestFolder.Create(), "out.jsonl");
        await using var endpoint = await FakeEndpoint.StartAsync((request, _) => (200, Asked(request)));
        string[] verb = ["data", "distil", "--endpoint", endpoint.Url, "--model", "t", "--concurrency", "1", "--output", output];
        var first = await VerbRun.OfAsync([.. verb, "--max-requests", "2"], Questions(4));
        Assert.Equal((1, 2), (first.Code, endpoint.Requests.Count));
        Assert.Contains("budget", first[0].GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);

        // As a kill leaves it: a line that was not written to its end.
        await File.AppendAllTextAsync(output + ".answers.jsonl", """{"key":"00","ans""", TestContext.Current.CancellationToken);
        var second = await VerbRun.OfAsync(verb, Questions(4));
        Assert.Equal((0, 4), (second.Code, endpoint.Requests.Count));
        Assert.Equal(2, second[0].GetProperty("resumed").GetInt32());
        Assert.Equal(4, File.ReadLines(output).Count());
        Assert.Equal(4, File.ReadLines(output + ".answers.jsonl").Count());
    }

    [Fact]
    public async Task A_process_that_is_killed_leaves_no_output_and_the_next_one_asks_only_what_was_not_answered()
    {
        var folder = TestFolder.Create();
        var (input, output) = (Path.Combine(folder, "in.jsonl"), Path.Combine(folder, "out.jsonl"));
        await File.WriteAllLinesAsync(input, Questions(6), TestContext.Current.CancellationToken);
        using var process = new Process();
        await using var endpoint = await FakeEndpoint.StartAsync((request, n) =>
        {
            if (n == 4)
            {
                process.Kill(entireProcessTree: true); // SIGKILL, while the fourth question is under way
                process.WaitForExit();
            }

            return (200, Asked(request));
        });
        string[] verb = ["data", "distil", "--endpoint", endpoint.Url, "--model", "t", "--concurrency", "1", "--input", input, "--output", output];
        process.StartInfo = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. verb]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Assert.True(process.Start());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, process.ExitCode);
        Assert.False(File.Exists(output));
        Assert.Equal(3, File.ReadLines(output + ".answers.jsonl").Count());

        var again = await VerbRun.OfAsync(verb);
        Assert.Equal((0, 4 + 3, 3), (again.Code, endpoint.Requests.Count, again[0].GetProperty("resumed").GetInt32()));
        Assert.Equal(Enumerable.Range(1, 6).Select(i => $$"""{"prompt":"q{{i}}","completion":"q{{i}}","finish_reason":"stop"}"""), File.ReadLines(output));
    }

    [Fact]
    public async Task A_local_model_answers_as_generate_does_with_the_same_conversation()
    {
        var model = TestFolder.Create();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "starter", "model")))
        {
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(
            Path.Combine(model, "chat_template.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}", TestContext.Current.CancellationToken);
        var distilled = await VerbRun.OfAsync(["data", "distil", "--model", model, "--device", "cpu", "--max-tokens", "6"], """{"prompt":"Tell a story."}""", """{"prompt":"And you?"}""");
        var generated = await VerbRun.OfAsync(
            ["generate", "--model", model, "--device", "cpu"],
            """{"messages":[{"role":"user","content":"Tell a story."}],"max_tokens":6}""",
            """{"messages":[{"role":"user","content":"And you?"}],"max_tokens":6}""");
        Assert.Equal((0, 2), (distilled.Code, distilled.Lines.Count));
        Assert.All([0, 1], i => Assert.Equal(generated[i].GetProperty("text").GetString(), distilled[i].GetProperty("completion").GetString()));
    }

    [Fact]
    public async Task Tokens_are_a_budget_too()
    {
        await using var endpoint = await FakeEndpoint.StartAsync((_, _) => (200, "x"));
        var run = await VerbRun.OfAsync(["data", "distil", "--endpoint", endpoint.Url, "--model", "t", "--concurrency", "1", "--max-total-tokens", "15"], Questions(5));
        Assert.Equal((1, 2), (run.Code, endpoint.Requests.Count)); // 10 tokens each: the second one reaches 15
    }

    [Fact]
    public async Task Candidates_have_seeds_of_their_own_that_stay_and_go_on_to_pairs()
    {
        await using var endpoint = await FakeEndpoint.StartAsync((request, _) => (200, request.GetProperty("seed").GetInt32() % 2 == 0 ? "4" : "5"));
        string[] verb = ["data", "candidates", "--endpoint", endpoint.Url, "--model", "t", "--count", "8", "--seed", "1"];
        const string row = """{"prompt":"2+2?","answer":"4"}""";
        var first = await VerbRun.OfAsync(verb, row);
        var seeds = endpoint.Requests.Select(request => request.GetProperty("seed").GetInt32()).Order().ToArray();
        Assert.Equal(8, seeds.Distinct().Count());
        Assert.Equal(first.Lines, (await VerbRun.OfAsync(verb, row)).Lines);
        Assert.Equal(seeds, endpoint.Requests.Skip(8).Select(request => request.GetProperty("seed").GetInt32()).Order());

        var best = await VerbRun.OfAsync(["data", "best-of", "--rewards", Rewards], [.. first.Lines]);
        Assert.Equal("4", best[0].GetProperty("completion").GetString());
        var pairs = await VerbRun.OfAsync(["data", "pairs", "--rewards", Rewards], [.. first.Lines]);
        Assert.Equal(("4", "5"), (pairs[0].GetProperty("chosen").GetString(), pairs[0].GetProperty("rejected").GetString()));
    }
}
