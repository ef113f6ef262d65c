using System.Globalization;
using System.Text;
using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Data.Rewards.Candidates;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Candidates;
using Workbench.Web.Services.Teachers;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Candidates;

/// <summary>Answers sampled from a page, judged, and made into versions.</summary>
public sealed class CandidateTests
{
    private static readonly string[] Sums =
    [
        """{"prompt":"2 + 3","answer":"5"}""", """{"prompt":"4 + 4","answer":"8"}""", """{"prompt":"1 + 1","answer":"2"}""",
    ];

    private static async Task<DatasetVersion> ImportAsync(TestServices services, IEnumerable<string> rows)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', rows)));
        return (await services.Get<DatasetService>().ImportAsync(file, "sums.jsonl")).Dataset.Latest;
    }

    /// <summary>Three answers to each prompt, told apart by their seeds: right, wrong, no number. "1 + 1" is always answered right.</summary>
    private static Task<FakeEndpoint> EndpointAsync() => FakeEndpoint.StartAsync((request, _) =>
    {
        var prompt = request.GetProperty("messages")[0].GetProperty("content").GetString()!;
        var index = Enumerable.Range(0, 3).First(i => request.GetProperty("seed").GetInt32() == new RowQuestion(
            new Row(RowShape.Prompt, JsonSerializer.SerializeToElement(new { prompt })), null).Ask(7, i).Seed);
        var sum = prompt.Split(" + ").Sum(part => int.Parse(part, CultureInfo.InvariantCulture));
        return (200, prompt == "1 + 1" ? $"It is {sum}." : index switch { 0 => $"It is {sum}.", 1 => $"It is {sum + 1}.", _ => "I do not know." });
    });

    private static CandidateRequest Request(FakeEndpoint endpoint) => new()
    {
        Version = 1, Endpoint = new Uri(endpoint.Url), Model = "teacher", Count = 3, Seed = 7,
        Rewards = """{"rewards":[{"reward":"numeric"},{"reward":"regex","pattern":"know","weight":-0.5}]}""",
    };

    private static async Task<CandidateJob> EndAsync(CandidateJobs jobs, CandidateJob job)
    {
        var ended = new TaskCompletionSource();
        jobs.Ended += _ => ended.TrySetResult();
        if (!job.Ended)
        {
            await ended.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }

        return job;
    }

    [Fact]
    public async Task A_judge_at_an_endpoint_grades_each_answer_once_and_a_reply_without_a_grade_refuses_the_prompt()
    {
        await using var teacher = await EndpointAsync();
        await using var judge = await FakeEndpoint.StartAsync((request, _) =>
        {
            var question = request.GetProperty("messages")[0].GetProperty("content").GetString()!;
            return (200, question.Contains("4 + 4", StringComparison.Ordinal) ? "Who knows?" : question.Contains("I do not know", StringComparison.Ordinal) ? "No.\nScore: 1" : "Fine.\nScore: 7");
        });
        await using var services = await TestServices.StartAsync();
        var id = (await ImportAsync(services, Sums)).DatasetId;
        var (jobs, store) = (services.Get<CandidateJobs>(), services.Get<CandidateStore>());
        var request = Request(teacher) with { Rewards = $$"""{"rewards":[{"reward":"judge","endpoint":"{{judge.Url}}","endpoint_model":"grader"}]}""" };

        var job = await EndAsync(jobs, await jobs.StartAsync(id, request));

        Assert.Null(job.Failure);
        Assert.Equal((3, 1), (job.Done, job.Refused));
        Assert.Contains("Who knows?", job.Problems[0].Reason, StringComparison.Ordinal);
        var sets = store.Read(id).ToList();
        Assert.Equal([6.0 / 9, 6.0 / 9, 0], sets[0].Candidates.Select(candidate => candidate.Score!.Value), (a, b) => Math.Abs(a - b) < 1e-8);
        Assert.Equal("grader", judge.Requests.First().GetProperty("model").GetString());

        // The replies are kept, those without a grade too.
        var (asked, answered) = (judge.Requests.Count, teacher.Requests.Count);
        Assert.Null((await EndAsync(jobs, await jobs.StartAsync(id, request))).Failure);
        Assert.Equal((asked, answered), (judge.Requests.Count, teacher.Requests.Count));
    }

    [Fact]
    public async Task A_model_of_the_workbench_judges()
    {
        await using var teacher = await EndpointAsync();
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model"), "grader", TestContext.Current.CancellationToken);
        var id = (await ImportAsync(services, Sums)).DatasetId;
        var jobs = services.Get<CandidateJobs>();
        var request = Request(teacher) with { Rewards = """{"rewards":[{"reward":"judge","model":"grader"}]}""" };

        // The starter's base model brings no chat template: it cannot be asked anything, and that is said.
        Assert.Contains("chat template", Assert.IsType<UserInputException>((await EndAsync(jobs, await jobs.StartAsync(id, request))).Failure).Message, StringComparison.Ordinal);
        Assert.Contains("nobody", (await Assert.ThrowsAsync<UserInputException>(
            () => jobs.StartAsync(id, request with { Rewards = """{"rewards":[{"reward":"judge","model":"nobody"}]}""" }))).Message, StringComparison.Ordinal);

        // With one that every conversation is shown in, it replies; what it says is no grade.
        var folder = Directory.CreateDirectory(Path.Combine(services.Root, "judge")).FullName;
        foreach (var file in Directory.EnumerateFiles(model.Path))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "chat_template.jinja"), "{{ messages[0].content }}", TestContext.Current.CancellationToken);
        var job = await EndAsync(jobs, await jobs.StartAsync(id, request with { Prompts = 1, Rewards = $$"""{"rewards":[{"reward":"judge","model":"{{folder}}","max_tokens":4,"question":"{answer}"}]}""" }));
        Assert.Null(job.Failure);
        Assert.Contains("no grade", Assert.Single(job.Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_are_scored_and_the_best_and_pairs_become_versions()
    {
        await using var endpoint = await EndpointAsync();
        await using var services = await TestServices.StartAsync();
        var id = (await ImportAsync(services, Sums)).DatasetId;
        var (jobs, store, made) = (services.Get<CandidateJobs>(), services.Get<CandidateStore>(), services.Get<CandidateVersions>());
        var job = await EndAsync(jobs, await jobs.StartAsync(id, Request(endpoint)));
        Assert.Null(job.Failure);
        Assert.Equal((3, 0, 9), (job.Done, job.Refused, endpoint.Requests.Count));

        // Right 1, wrong 0, no number 0 - 0.5.
        var sets = store.Read(id).ToList();
        Assert.Equal([1, 0, -0.5], sets[0].Candidates.Select(candidate => candidate.Score!.Value));
        Assert.Equal([1, 1, 1], sets[2].Candidates.Select(candidate => candidate.Score!.Value));
        var summary = CandidateSummary.Of(sets)!;
        Assert.Equal((3, 9, 1), (summary.Prompts, summary.Answers, summary.Alike));
        Assert.Equal((1 + 0 - 0.5 + 1 + 0 - 0.5 + 3) / 9, summary.Mean, 1e-12);
        Assert.Equal(1, summary.Best);
        Assert.Equal(9, summary.Histogram.Sum(bar => bar.Count));
        Assert.Equal((-0.5, 2), (summary.Histogram[0].From, summary.Histogram[0].Count));
        Assert.Equal(5, summary.Histogram[^1].Count);

        var best = await made.MakeBestAsync(id, new BestOf { MinScore = 1 }, TestContext.Current.CancellationToken);
        Assert.Equal((2, 1, RowShape.PromptCompletion, 3, 0), (best.Number, best.Parent, best.Shape, best.Rows, best.BadRows));
        var rows = await services.Get<DatasetService>().RowsAsync(id, 0, 10, TestContext.Current.CancellationToken);
        Assert.Equal(["It is 5.", "It is 8.", "It is 2."], rows.Select(row => row.GetProperty("completion").GetString()));
        Assert.Equal([1, 2, 3], rows.Select(row => row.GetProperty(CandidateJobs.RowColumn).GetInt32()));

        var pairs = await made.MakePairsAsync(id, new PreferencePairs { Margin = 1.2 }, TestContext.Current.CancellationToken);
        Assert.Equal((3, 1, RowShape.Preference, 2, 1), (pairs.Number, pairs.Parent, pairs.Shape, pairs.Rows, pairs.BadRows)); // alike answers make no pair
        Assert.Equal("pairs of 3 by teacher, temperature 1, seed 7, judged by numeric + regex", pairs.Source);
        var pair = (await services.Get<DatasetService>().RowsAsync(id, 0, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal(("It is 5.", "I do not know."), (pair.GetProperty("chosen").GetString(), pair.GetProperty("rejected").GetString()));

        await Assert.ThrowsAsync<UserInputException>(() => made.MakePairsAsync(id, new PreferencePairs { Margin = 2 }, TestContext.Current.CancellationToken));
        await services.Get<DatasetService>().DeleteAsync(id, TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(services.Get<DataFolder>().CandidatesOf(id)));
    }

    [Fact]
    public async Task A_second_request_asks_only_what_is_new_also_after_the_application_was_gone()
    {
        await using var endpoint = await EndpointAsync();
        var root = TestFolder.Create();
        string id;
        await using (var services = await TestServices.StartAsync(root))
        {
            id = (await ImportAsync(services, Sums)).DatasetId;
            var jobs = services.Get<CandidateJobs>();
            await EndAsync(jobs, await jobs.StartAsync(id, Request(endpoint) with { Prompts = 2 }));
            Assert.Equal(6, endpoint.Requests.Count);
        }

        // Killed while it wrote: half a line is none.
        await File.AppendAllTextAsync(Path.Combine(root, "candidates", id, "scored.jsonl"), """{"prompt":"1 +""", TestContext.Current.CancellationToken);
        await using (var services = await TestServices.StartAsync(root))
        {
            var (jobs, store) = (services.Get<CandidateJobs>(), services.Get<CandidateStore>());
            Assert.Equal(2, store.Read(id).Count());
            Assert.Equal(2, store.Request(id)!.Prompts);
            Assert.Null((await EndAsync(jobs, await jobs.StartAsync(id, Request(endpoint)))).Failure);
            Assert.Equal(9, endpoint.Requests.Count);
            Assert.Equal(3, store.Read(id).Count());
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task What_cannot_be_asked_or_judged_is_said()
    {
        await using var endpoint = await FakeEndpoint.StartAsync((_, _) => (401, "no such key"));
        await using var services = await TestServices.StartAsync();
        var version = await ImportAsync(services, [.. Sums, """{"prompt":"5 + 5"}"""]);
        var jobs = services.Get<CandidateJobs>();
        Task<CandidateJob> Start(CandidateRequest request) => jobs.StartAsync(version.DatasetId, request, cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<UserInputException>(() => Start(Request(endpoint) with { Version = 2 }));
        await Assert.ThrowsAsync<UserInputException>(() => Start(Request(endpoint) with { Count = 0 }));
        await Assert.ThrowsAsync<UserInputException>(() => Start(Request(endpoint) with { Temperature = -1 }));
        Assert.Contains("numerik", (await Assert.ThrowsAsync<UserInputException>(() => Start(Request(endpoint) with { Rewards = """{"rewards":[{"reward":"numerik"}]}""" }))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UserInputException>(() => Start(Request(endpoint) with { Endpoint = null, ModelId = "none" }));
        Assert.Contains("401", Assert.IsType<UserInputException>((await EndAsync(jobs, await Start(Request(endpoint)))).Failure).Message, StringComparison.Ordinal);

        // A row without the right answer has candidates that cannot be judged: it is told, the others go on.
        await using var answering = await FakeEndpoint.StartAsync((_, _) => (200, "10"));
        var job = await EndAsync(jobs, await Start(Request(answering)));
        Assert.Equal((4, 1), (job.Done, job.Refused));
        Assert.Contains("answer", Assert.Single(job.Problems).Reason, StringComparison.Ordinal);
        Assert.Equal(4, Assert.Single(job.Problems).Row);
    }

    [Fact]
    public void Answers_of_changed_weights_have_other_keys()
    {
        var folder = TestFolder.Create();
        var file = Path.Combine(folder, "model.safetensors");
        File.WriteAllText(file, "one");
        var before = LocalWeights.IdentityOf(folder, null);
        Assert.Equal(before, LocalWeights.IdentityOf(folder));
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(1));
        Assert.NotEqual(before, LocalWeights.IdentityOf(folder));
        Assert.DoesNotContain("+", before, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
