using Workbench.Learning.Training;
using Workbench.Learning.Training.Schedules;

namespace Workbench.Learning.Tests.Training;

public sealed class ScheduleTests
{
    /// <summary>Factors computed by hand from transformers' lambdas for 10 steps of which 4 warm up.</summary>
    [Theory]
    [InlineData("linear", new[] { 0, 0.25, 0.5, 0.75, 1, 5 / 6.0, 4 / 6.0, 3 / 6.0, 2 / 6.0, 1 / 6.0 })]
    [InlineData("constant_with_warmup", new[] { 0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1 })]
    [InlineData("constant", new[] { 1.0, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    // cos(pi/6), cos(pi/3), ... at the sixths of the way down
    [InlineData("cosine", new[] { 0, 0.25, 0.5, 0.75, 1, 0.9330127018922193, 0.75, 0.5, 0.25, 0.0669872981077807 })]
    public void Rates_follow_the_formulas_of_transformers(string type, double[] factors)
    {
        var schedule = new LearningRateSchedule(type, 1e-3, 4, 10);
        for (var step = 0; step < 10; step++)
        {
            Assert.Equal(1e-3 * factors[step], schedule.At(step), 1e-12);
        }
    }

    /// <summary>Computed from the lambda of transformers' get_wsd_schedule for 10 steps: 2 of warm-up, 4 of decay.</summary>
    [Theory]
    [InlineData("linear", 0.0, new[] { 0, 0.5, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25 })]
    [InlineData("linear", 0.2, new[] { 0.2, 0.6, 1, 1, 1, 1, 1, 0.8, 0.6, 0.4 })]
    [InlineData("1-sqrt", 0.0, new[] { 0, 0.5, 1, 1, 1, 1, 1, 0.5, 0.2928932188134524, 0.1339745962155614 })]
    [InlineData("cosine", 0.0, new[] { 0, 0.5, 1, 1, 1, 1, 1, 0.8535533905932737, 0.5, 0.1464466094067263 })]
    public void A_stable_rate_decays_at_the_end(string type, double minRatio, double[] factors)
    {
        var config = RunConfig.Parse($$"""
            {"model_name_or_path":"m","dataset":"d","learning_rate":1e-3,"lr_scheduler_type":"warmup_stable_decay","warmup_steps":2,
            "lr_scheduler_kwargs":{"num_decay_steps":4,"decay_type":"{{type}}","min_lr_ratio":{{minRatio.ToString(System.Globalization.CultureInfo.InvariantCulture)}} } }
            """);
        var schedule = LearningRateSchedule.Create(RunConfig.Parse(config.ToJson()), 10);
        for (var step = 0; step < 10; step++)
        {
            Assert.Equal(1e-3 * factors[step], schedule.At(step), 1e-12);
        }
    }

    [Theory]
    [InlineData(0, 0.03, 60, 2)]
    [InlineData(0, 0.05, 60, 3)]
    [InlineData(7, 0.05, 60, 7)]
    [InlineData(0, 0, 60, 0)]
    public void Warmup_steps_go_before_the_ratio_which_is_rounded_up(int steps, double ratio, int total, int expected) =>
        Assert.Equal(expected, LearningRateSchedule.Create(new RunConfig { WarmupSteps = steps, WarmupRatio = ratio }, total).WarmupSteps);

    [Theory]
    [InlineData(10, 60, 10)]
    [InlineData(0.1, 60, 6)]
    [InlineData(0.01, 60, 1)]
    [InlineData(0.25, 10, 3)]
    public void An_interval_below_one_is_a_share_of_all_steps(double value, int total, int expected) =>
        Assert.Equal(expected, StepInterval.Resolve(value, total));
}
