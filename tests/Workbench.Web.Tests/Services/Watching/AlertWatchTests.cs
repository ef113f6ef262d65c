using Workbench.Learning.Training;
using Workbench.Web.Services.Watching;

namespace Workbench.Web.Tests.Services.Watching;

/// <summary>Synthetic curves: what each alert is for, and beside it the healthy run that must stay quiet.</summary>
public sealed class AlertWatchTests
{
    [Fact]
    public void A_healthy_noisy_loss_raises_nothing() => Assert.Empty(Watch(2000, step => ("loss", Healthy(step))));

    [Fact]
    public void A_loss_that_is_no_number_is_told_once_with_its_step()
    {
        var alert = Assert.Single(Watch(100, step => ("loss", step >= 40 ? double.NaN : Healthy(step))));
        Assert.Equal((RunAlertKind.NotANumber, "loss", 40), (alert.Kind, alert.Metric, alert.Step));
    }

    [Fact]
    public void A_spike_is_told_and_ordinary_noise_is_not()
    {
        var alert = Assert.Single(Watch(300, step => ("loss", step == 200 ? 9 : Healthy(step))));
        Assert.Equal((RunAlertKind.Spike, 200, 9), (alert.Kind, alert.Step, alert.Value));
    }

    [Fact]
    public void A_loss_that_stays_where_it_is_is_a_plateau()
    {
        var alert = Assert.Single(Watch(600, step => ("loss", step < 100 ? 4 - (step * 0.02) : 2 + (0.02 * Noise(step)))));
        Assert.Equal(RunAlertKind.Plateau, alert.Kind);
        Assert.InRange(alert.Step, 300, 600);
    }

    [Fact]
    public void Margins_that_grew_and_fell_back_have_collapsed()
    {
        double Margin(int step) => step < 100 ? step * 0.02 : Math.Max(0, 2 - ((step - 100) * 0.05));
        var alert = Assert.Single(Watch(200, step => ("rewards/margins", Margin(step))));
        Assert.Equal(RunAlertKind.MarginsCollapse, alert.Kind);
        Assert.InRange(alert.Step, 130, 180);
        Assert.Empty(Watch(200, step => ("rewards/margins", step * 0.02)));
        Assert.Empty(Watch(200, step => ("rewards/margins", 0.01 * Noise(step)))); // never grew
    }

    [Fact]
    public void Answers_that_are_mostly_cut_are_told_when_it_lasts()
    {
        Assert.Equal(12, Assert.Single(Watch(50, step => ("completions/clipped_ratio", step >= 10 ? 0.8 : 0.1))).Step);
        Assert.Empty(Watch(50, step => ("completions/clipped_ratio", step % 3 == 0 ? 0.8 : 0.1)));
    }

    [Fact]
    public void An_evaluation_that_gets_worse_again_and_again_is_overfitting()
    {
        double[] losses = [2, 1.5, 1.3, 1.31, 1.4, 1.5, 1.6];
        Assert.Equal((RunAlertKind.Overfitting, 7), Assert.Single(Watch(7, step => ("eval_loss", losses[step - 1]))) is var alert ? (alert.Kind, alert.Step) : default);
        Assert.Empty(Watch(7, step => ("eval_loss", losses[Math.Min(3, step - 1)])));
    }

    private static double Healthy(int step) => 1 + (3 * Math.Exp(-step / 900.0)) + (0.08 * Noise(step));

    /// <summary>Between -1 and 1, the same each time.</summary>
    private static double Noise(int step) => (new Random(step).NextDouble() * 2) - 1;

    private static IReadOnlyList<RunAlert> Watch(int steps, Func<int, (string Name, double Value)> curve)
    {
        var watch = new AlertWatch();
        for (var step = 1; step <= steps; step++)
        {
            var (name, value) = curve(step);
            watch.Add(new MetricPoint(step, step, 0, step, new Dictionary<string, double> { [name] = value }));
        }

        return watch.Alerts;
    }
}
