using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Api;

public sealed class ApiTests
{
    [Fact]
    public async Task A_file_uploaded_as_a_form_or_as_the_body_becomes_a_dataset()
    {
        await using var app = await TestApp.StartAsync();
        const string rows = "{\"text\":\"a\"}\n{oops\n{\"text\":\"b\"}\n";
        using var form = new MultipartFormDataContent { { new StringContent(rows), "file", "letters.jsonl" } };
        using var uploaded = await app.Http.PostAsync("/api/datasets", form);
        Assert.Equal(HttpStatusCode.Created, uploaded.StatusCode);
        var report = await uploaded.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((2, 1), (report.GetProperty("rows").GetInt32(), report.GetProperty("bad_rows").GetInt32()));
        Assert.Equal(2, report.GetProperty("bad")[0].GetProperty("line").GetInt32());
        Assert.Equal("letters", report.GetProperty("dataset").GetProperty("name").GetString());

        using var raw = await app.Http.PostAsync("/api/datasets?name=mine&file_name=x.jsonl", new StringContent(rows, Encoding.UTF8, "application/jsonl"));
        var id = (await raw.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("dataset").GetProperty("id").GetString();
        var page = await app.GetAsync($"/api/datasets/{id}/rows?skip=1&take=5");
        Assert.Equal("""[{"text":"b"}]""", page.GetRawText());
        Assert.Equal("{oops", (await app.GetAsync($"/api/datasets/{id}/bad"))[0].GetProperty("text").GetString());
        Assert.Equal("text", (await app.GetAsync($"/api/datasets/{id}/versions"))[0].GetProperty("shape").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.DeleteAsync($"/api/datasets/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"/api/datasets/{id}")).StatusCode);
    }

    [Fact]
    public async Task An_unknown_configuration_key_is_answered_with_the_nearest_known_one()
    {
        await using var app = await TestApp.StartAsync();
        var (status, problem) = await app.PostAsync("/api/runs", new { config = new { learning_rat = 1 } });
        Assert.Equal(400, status);
        Assert.Contains("did you mean learning_rate?", problem.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await app.GetAsync("/api/runs")).GetArrayLength());
    }

    [Fact]
    public async Task A_missing_dataset_is_named()
    {
        await using var app = await TestApp.StartAsync();
        var config = new { model_name_or_path = app.Root, dataset = "/no/such.jsonl" };
        var (status, problem) = await app.PostAsync("/api/runs", new { config });
        Assert.Equal(400, status);
        Assert.Equal("dataset", problem.GetProperty("place").GetString());
        Assert.Contains("/no/such.jsonl", problem.GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"config\":")]
    [InlineData("{}")]
    [InlineData("[1,2]")]
    public async Task A_body_that_is_not_understood_is_a_problem_without_a_stack_trace(string body)
    {
        await using var app = await TestApp.StartAsync();
        using var response = await app.Http.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("   at ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_can_be_followed_stopped_and_deleted()
    {
        await using var app = await TestApp.StartAsync(configure: FakeWorker.Configure(
            "status running; metric 1; metric 2; echo hello >> log.txt; await stop; status stopped 2"));
        var data = Path.Combine(app.Root, "data.jsonl");
        await File.WriteAllTextAsync(data, """{"text":"a"}""" + "\n");
        var (status, run) = await app.PostAsync("/api/runs", new { name = "mine", config = new { model_name_or_path = app.Root, dataset = data } });
        Assert.Equal(201, status);
        var path = $"/api/runs/{run.GetProperty("id").GetString()}";
        await using var hub = await HubClient.ConnectAsync(app.Address);
        await hub.SubscribeAsync(run.GetProperty("id").GetString()!, 0);
        await hub.SequenceAsync(2);

        var metrics = await app.GetAsync($"{path}/metrics?from_seq=2");
        Assert.Equal("""[{"seq":2,"step":2,"epoch":0.5,"time":1.5,"loss":2.25}]""", metrics.GetRawText());
        Assert.Equal("hello\n", await app.Http.GetStringAsync($"{path}/log?tail=1"));
        Assert.Equal(HttpStatusCode.OK, (await app.Http.PostAsync($"{path}/stop", null)).StatusCode);
        while ((await hub.NextAsync("Status"))[1].GetProperty("status").GetString() != "stopped")
        {
            // on its way there
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.PostAsync($"{path}/stop", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.DeleteAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Every_resource_is_in_the_openapi_document()
    {
        await using var app = await TestApp.StartAsync();
        var paths = (await app.GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name).ToHashSet();
        Assert.Superset(
            new HashSet<string> { "/api/templates", "/api/models", "/api/datasets", "/api/datasets/{id}/rows", "/api/runs", "/api/runs/{id}/metrics" },
            paths);
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_a_problem_too()
    {
        await using var app = await TestApp.StartAsync();
        using var response = await app.Http.GetAsync("/api/nothing");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
