using Workbench.Web.Components.Shared;
using Workbench.Web.Languages;

namespace Workbench.Web.Tests.Components;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(999, "999")]
    [InlineData(260_032, "260K")]
    [InlineData(134_515_008, "134.5M")]
    [InlineData(7_241_732_096, "7.24B")]
    public void Parameter_counts_read_as_on_model_cards(long count, string expected) => Assert.Equal(expected, Figures.Short(count));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(290_100, "290.1 KB")]
    [InlineData(4_294_967_296, "4.3 GB")]
    public void Sizes_count_in_thousands(long bytes, string expected) => Assert.Equal(expected, Figures.Bytes(bytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(4.6432147, "4.6432")]
    [InlineData(0.0005, "5e-4")]
    [InlineData(0.00002, "2e-5")]
    public void Small_rates_keep_their_exponent(double value, string expected) => Assert.Equal(expected, Figures.Metric(value));

    [Theory]
    [InlineData(-3, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(90_000, "25 h 0 min")]
    public void Durations_name_two_units_at_most(int seconds, string expected) =>
        Assert.Equal(expected, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(10, "just now")]
    [InlineData(50, "1 min ago")]
    [InlineData(3000, "50 min ago")]
    [InlineData(2 * 86_400, "2 days ago")]
    [InlineData(60 * 86_400, "2 Jan 2026")]
    public void Past_times_are_told_from_now(int secondsAgo, string expected)
    {
        var now = new DateTimeOffset(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(expected, new WordsLocalizer().Ago(now.AddSeconds(-secondsAgo), now));
    }
}
