using Microsoft.Extensions.DependencyInjection;
using Workbench.Web.Jobs;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Tests.Support;

/// <summary>
/// Worker processes that are shell scripts: they write the files of a run folder as a trainer does, at a pace and with an end
/// that the test decides. In a script, $1 is the run folder.
/// </summary>
internal static class FakeWorker
{
    /// <summary>Defines <c>metric N</c>, <c>status NAME</c> and <c>await FILE</c> (waits until the test creates it).</summary>
    private const string Prelude = """
        cd "$1" || exit 1
        metric() { echo "{\"seq\":$1,\"step\":$1,\"epoch\":0.5,\"time\":1.5,\"loss\":$1.25}" >> metrics.jsonl; }
        status() { echo "{\"status\":\"$1\",\"step\":${2:-0},\"total_steps\":10,\"phase\":\"training\"}" > status.tmp && mv status.tmp status.json; }
        await() { until [ -e "$1" ]; do sleep 0.02; done; }

        """;

    public static Action<IServiceCollection> Configure(string script, TimeSpan? stopTimeout = null)
    {
        return services =>
        {
            services.AddSingleton(new WorkerLauncher(["/bin/bash", "-c", Prelude + script + "\n", "worker"]));
            services.AddSingleton(new SupervisionTiming(TimeSpan.FromMilliseconds(20), stopTimeout ?? TimeSpan.FromSeconds(20)));
        };
    }

    /// <summary>Queues a run over a model folder and a dataset that exist, which is all that planning asks.</summary>
    public static async Task<RunEntry> QueueAsync(TestServices services)
    {
        var model = Directory.CreateDirectory(Path.Combine(services.Root, "model")).FullName;
        var data = Path.Combine(services.Root, "data.jsonl");
        await File.WriteAllTextAsync(data, """{"text":"a"}""" + "\n");
        var config = $$"""{"method":"sft","model_name_or_path":"{{model}}","dataset":"{{data}}","learning_rate":0.001}""";
        return await services.Get<RunService>().CreateAsync(config);
    }

    /// <summary>Waits until the run is as wanted; fails with what it is instead when that takes too long.</summary>
    public static async Task<RunEntry> UntilAsync(this TestServices services, string id, Func<RunEntry, bool> wanted)
    {
        var runs = services.Get<RunService>();
        using var changed = new SemaphoreSlim(0);
        using var subscription = services.Get<RunNotifier>().Subscribe(id, _ => changed.Release());
        while (true)
        {
            var run = await runs.GetAsync(id);
            if (wanted(run))
            {
                return run;
            }

            Assert.True(await changed.WaitAsync(TimeSpan.FromSeconds(20)), $"the run stays {run.Status} at {run.LastSeq}: {run.StatusReason}");
        }
    }
}
