using Workbench.Web.Components.Pages.Home;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Tests.Components;

public sealed class HomeStateTests
{
    [Fact]
    public void An_empty_workbench_begins_with_a_model() => Assert.Equal("/models", HomeState.Arrange([], [], [], 0, "/data").Next.Href);

    [Fact]
    public void With_a_model_its_template_is_next() =>
        Assert.Equal("/templates?model=m1", HomeState.Arrange([Model("m1")], [], [], 0, "/data").Next.Href);

    [Fact]
    public void With_a_run_that_trains_the_next_step_is_to_watch_it()
    {
        var view = HomeState.Arrange([Model("m1")], [Dataset()], [Run("r1", RunStatus.Running)], 0, "/data");
        Assert.Equal("/runs/r1", view.Next.Href);
    }

    [Fact]
    public void After_training_the_next_step_is_to_chat_with_the_result()
    {
        var view = HomeState.Arrange([Model("tuned", "r1"), Model("m1")], [Dataset()], [Run("r1", RunStatus.Completed)], 0, "/data");
        Assert.Equal("/chat?model=tuned", view.Next.Href);
    }

    [Fact]
    public void A_runs_progress_changes_its_row_and_a_new_state_asks_for_reading_again()
    {
        var view = HomeState.Arrange([], [], [Run("r1", RunStatus.Running)], 0, "/data");
        var later = Run("r1", RunStatus.Running);
        later.Step = 5;
        Assert.Equal(5, view.With(later)!.RecentRuns[0].Step);
        Assert.Null(view.With(Run("r1", RunStatus.Completed)));
        Assert.Null(view.With(Run("r2", RunStatus.Queued)));
    }

    private static ModelEntry Model(string id, string? run = null) =>
        new() { Id = id, Name = id, Path = "/" + id, Architecture = "LlamaForCausalLM", DType = "float32", ParentRunId = run };

    private static DatasetEntry Dataset() => new() { Id = "d1", Name = "stories" };

    private static RunEntry Run(string id, RunStatus status) => new()
    {
        Id = id, Name = id, Status = status, Method = "sft", Model = "/m", Dataset = "/d", Config = "{}", Folder = "/r",
    };
}
