using Workbench.Web.Services;
using Workbench.Web.Services.Launch;

namespace Workbench.Web.Tests.Services.Launch;

public sealed class SweepPlanTests
{
    [Fact]
    public void Every_combination_becomes_a_run_and_the_last_option_changes_first()
    {
        var runs = SweepPlan.Parse("learning_rate: 1e-4, 3e-4\n\nlr_scheduler_type: linear, cosine\n");
        Assert.Equal(
            ["learning_rate=1e-4, lr_scheduler_type=linear", "learning_rate=1e-4, lr_scheduler_type=cosine", "learning_rate=3e-4, lr_scheduler_type=linear", "learning_rate=3e-4, lr_scheduler_type=cosine"],
            runs.Select(run => run.Label));
        Assert.Equal(3e-4, runs[3].Changes[0].Value.GetValue<double>());
    }

    [Fact]
    public void A_value_may_be_a_list_or_an_object()
    {
        var runs = SweepPlan.Parse("lora_target_modules: [\"q_proj\", \"v_proj\"], all-linear\nreward_kwargs: {\"length\":{\"max_words\":9,\"weight\":1}}");
        Assert.Equal(["""["q_proj","v_proj"]""", "\"all-linear\""], runs.Select(run => run.Changes[0].Value.ToJsonString()));
        Assert.Equal(9, runs[1].Changes[1].Value["length"]!["max_words"]!.GetValue<int>());
    }

    [Fact]
    public void An_empty_text_is_no_sweep() => Assert.Empty(SweepPlan.Parse(" \n"));

    [Theory]
    [InlineData("learning_rate", "line 1")]
    [InlineData("seed: 1\nseed: 2", "line 2")]
    [InlineData("seed: 1,2,3,4,5,6,7,8,9\nsave_steps: 1,2,3,4,5,6,7,8", "line 2")]
    public void What_is_no_sweep_is_refused_with_its_line(string text, string place) =>
        Assert.EndsWith(place, Assert.Throws<UserInputException>(() => SweepPlan.Parse(text)).Place, StringComparison.Ordinal);
}
