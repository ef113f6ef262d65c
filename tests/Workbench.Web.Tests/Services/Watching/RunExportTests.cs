using System.Net;
using System.Text.Json;
using Workbench.Learning.Training;
using Workbench.Learning.Training.MetricFiles;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services.Watching;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Watching;

public sealed class RunExportTests : IDisposable
{
    private readonly string folder = TestFolder.Create();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>The names that transformers' WandbCallback logs under: train/loss, eval/loss, train/epoch, train/global_step; W&amp;B adds _step, _runtime, _timestamp.</summary>
    [Fact]
    public void Json_lines_have_the_names_of_a_wandb_history()
    {
        using var output = new StringWriter();
        HistoryFile.Write([Point(1, 100, ("loss", 2), ("grad_norm", double.NaN)), Point(2, 103.5, ("eval_loss", 1.5))], output);
        Assert.Equal(
            """
            {"_step":1,"_runtime":0,"_timestamp":100,"train/epoch":0.5,"train/global_step":1,"train/loss":2,"train/grad_norm":"NaN"}
            {"_step":2,"_runtime":3.5,"_timestamp":103.5,"train/epoch":0.5,"train/global_step":2,"eval/loss":1.5}

            """, output.ToString());
    }

    [Fact]
    public void A_report_needs_nothing_else_and_shows_names_as_text()
    {
        File.WriteAllText(Path.Combine(folder, "metrics.jsonl"), """
            {"seq":1,"step":1,"epoch":0,"time":1,"loss":2}
            {"seq":2,"step":2,"epoch":0,"time":2,"loss":"NaN"}
            {"seq":3,"step":3,"epoch":0,"time":3,"loss":1}
            {"seq":4,"step":3,"epoch":0,"time":3,"eval_loss":1.25}

            """);
        var html = RunReport.Write(Run("<script>alert(1)</script>"), RunColumns.Read(folder), [new(RunAlertKind.NotANumber, "loss", 2, double.NaN)], "the end");
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.Equal(3, html.Split("<polyline").Length - 1); // the loss before and after its gap, and the evaluation
        Assert.Contains("NotANumber: loss", html, StringComparison.Ordinal);
        Assert.Contains("&quot;seed&quot;: 7", html, StringComparison.Ordinal);
        Assert.Contains("the end", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv", "text/csv", "step,epoch,time,loss")]
    [InlineData("jsonl", "application/jsonl", "\"train/loss\":1.25")]
    [InlineData("html", "text/html", "<svg")]
    [InlineData("tensorboard", "application/octet-stream", "brain.Event:2")]
    public async Task Every_format_is_served_as_a_file(string format, string type, string holds)
    {
        await using var app = await TestApp.StartAsync(configure: FakeWorker.Configure("status running; metric 1; metric 2; status completed 2"));
        var run = await QueueAsync(app);
        using var response = await app.Http.GetAsync($"/api/runs/{run}/export/{format}", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains(holds, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.GetAsync($"/api/runs/{run}/export/xlsx", TestContext.Current.CancellationToken)).StatusCode);
    }

    private static async Task<string> QueueAsync(TestApp app)
    {
        var model = Directory.CreateDirectory(Path.Combine(app.Root, "model")).FullName;
        var data = Path.Combine(app.Root, "data.jsonl");
        await File.WriteAllTextAsync(data, """{"text":"a"}""" + "\n");
        var (_, run) = await app.PostAsync("/api/runs", new { config = new { method = "sft", model_name_or_path = model, dataset = data } });
        var id = run.GetProperty("id").GetString()!;
        using var changed = new SemaphoreSlim(0);
        using var subscription = app.Get<Workbench.Web.Services.RunNotifier>().Subscribe(id, _ => changed.Release());
        while ((await app.GetAsync($"/api/runs/{id}")).GetProperty("status").ToString() != "completed")
        {
            Assert.True(await changed.WaitAsync(TimeSpan.FromSeconds(20)), "the run does not end");
        }

        return id;
    }

    private static MetricPoint Point(int step, double time, params (string Name, double Value)[] values) =>
        new(step, step, 0.5, time, values.ToDictionary(value => value.Name, value => value.Value));

    private RunEntry Run(string name) => new()
    {
        Id = "r", Name = name, Status = RunStatus.Completed, Method = "sft", Model = "m", Dataset = "d", Config = JsonSerializer.Serialize(new { seed = 7 }), Folder = folder,
    };
}
