using System.Text.Json;
using Workbench.Web.Jobs;
using Workbench.Web.Services;
using Workbench.Web.Services.Watching;

namespace Workbench.Web.Api;

internal static class RunRoutes
{
    /// <param name="Config">TRL's names; model_name_or_path and dataset may be ids of this workbench.</param>
    /// <param name="Name">What to call the run.</param>
    internal sealed record CreateRun(JsonElement Config, string? Name = null);

    public static void MapRuns(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("runs");
        runs.MapGet("/", (RunService service, CancellationToken cancel) => service.ListAsync(cancel));
        runs.MapGet("/{id}", (string id, RunService service, CancellationToken cancel) => service.GetAsync(id, cancel));
        runs.MapPost("/", async (CreateRun body, RunService service, CancellationToken cancel) =>
        {
            var config = body.Config.ValueKind == JsonValueKind.Undefined ? "null" : body.Config.GetRawText();
            var run = await service.CreateAsync(config, body.Name, cancel);
            return TypedResults.Created($"/api/runs/{run.Id}", run);
        });
        runs.MapPost("/{id}/stop", (string id, RunService service, CancellationToken cancel) => service.StopAsync(id, cancel));
        runs.MapPost("/{id}/resume", (string id, RunService service, CancellationToken cancel) => service.ResumeAsync(id, cancel));
        runs.MapPost("/{id}/pause", (string id, QueueService queue, CancellationToken cancel) => queue.PauseAsync(id, cancel));
        runs.MapPost("/{id}/release", (string id, QueueService queue, CancellationToken cancel) => queue.ReleaseAsync(id, cancel));
        runs.MapPost("/{id}/cancel", (string id, QueueService queue, CancellationToken cancel) => queue.CancelAsync(id, cancel));
        runs.MapPost("/{id}/move", (string id, int places, QueueService queue, CancellationToken cancel) => queue.MoveAsync(id, places, cancel));
        runs.MapPut("/{id}/priority", (string id, int value, QueueService queue, CancellationToken cancel) => queue.PrioritizeAsync(id, value, cancel));
        api.MapGet("/queue", (QueueService queue, CancellationToken cancel) => queue.ListAsync(cancel)).WithTags("runs");
        api.MapGet("/queue/limits", (QueueSettings settings) => settings.Read()).WithTags("runs");
        api.MapPut("/queue/limits", (QueueLimits limits, QueueSettings settings) =>
        {
            settings.Write(limits);
            return settings.Read();
        }).WithTags("runs");
        runs.MapDelete("/{id}", async (string id, RunService service, CancellationToken cancel) =>
        {
            await service.DeleteAsync(id, cancel);
            return TypedResults.NoContent();
        });
        runs.MapGet("/{id}/metrics", MetricsAsync).Produces<JsonElement[]>()
            .WithDescription("Lines of metrics.jsonl from sequence number from_seq on. Query: from_seq, take.");
        runs.MapRunExports();
        runs.MapGet("/{id}/columns", ColumnsAsync).Produces<byte[]>(contentType: "application/octet-stream")
            .WithDescription("All metrics as columns of float64, for charts: uint32 length of a JSON header, 4 bytes, the header padded to 8, then step, epoch, time and each name.");
        runs.MapGet("/{id}/samples", async (string id, RunService service, CancellationToken cancel) => RunService.Samples(await service.GetAsync(id, cancel)))
            .WithDescription("What the model answered at each evaluation (eval_samples), and the rows that went worst.");
        runs.MapGet("/{id}/completions", async (string id, RunService service, CancellationToken cancel) => RunService.Completions(await service.GetAsync(id, cancel)))
            .WithDescription("What the policy answered in logged steps of method grpo, with rewards and advantages (log_completions); a few prompts of each step.");
        runs.MapGet("/{id}/log", async (string id, int? tail, RunService service, CancellationToken cancel) =>
            TypedResults.Text(await service.LogAsync(id, tail ?? 200, cancel)));
    }

    private static async Task<IResult> MetricsAsync(string id, long? from_seq, int? take, RunService service, CancellationToken cancel)
    {
        await service.GetAsync(id, cancel);
        var metrics = await service.MetricsAsync(id, from_seq ?? 0, take ?? RunService.MaxPoints, cancel);
        return TypedResults.Text($"[{string.Join(",\n", metrics.Select(metric => metric.Json))}]\n", "application/json");
    }

    private static async Task<IResult> ColumnsAsync(string id, RunService service, CancellationToken cancel)
    {
        var run = await service.GetAsync(id, cancel);
        var columns = await Task.Run(() => RunColumns.Read(run.Folder), cancel);
        var packed = new MemoryStream();
        columns.Write(packed);
        return TypedResults.Bytes(packed.GetBuffer().AsMemory(0, (int)packed.Length), "application/octet-stream");
    }
}
