using Workbench.Web.Components.Pages.Runs;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Tests.Components;

public sealed class PaceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_steps_seen_a_while_apart_tell_the_time_for_the_rest()
    {
        var pace = new Pace().Seen(At(10), Noon).Seen(At(15), Noon.AddSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(40), pace.TimeFor(10)); // 4 s a step
    }

    [Fact]
    public void One_step_tells_nothing()
    {
        var pace = new Pace().Seen(At(10), Noon).Seen(At(10), Noon.AddSeconds(20));

        Assert.Null(pace.TimeFor(10));
    }

    [Fact]
    public void What_went_before_a_pause_does_not_count()
    {
        var pace = new Pace()
            .Seen(At(10), Noon).Seen(At(20), Noon.AddSeconds(10))
            .Seen(At(20, RunStatus.Stopped), Noon.AddSeconds(10))
            .Seen(At(20), Noon.AddHours(1)).Seen(At(22), Noon.AddHours(1).AddSeconds(6));

        Assert.Equal(TimeSpan.FromSeconds(30), pace.TimeFor(10)); // 3 s a step
    }

    [Fact]
    public void A_run_at_its_end_has_no_time_left()
    {
        var pace = new Pace().Seen(At(10), Noon).Seen(At(20), Noon.AddSeconds(10));

        Assert.Null(pace.TimeFor(0));
    }

    private static RunEntry At(int step, RunStatus status = RunStatus.Running) =>
        new() { Id = "r", Name = "r", Method = "sft", Model = "m", Dataset = "d", Config = "{}", Folder = "f", Status = status, Step = step };
}
