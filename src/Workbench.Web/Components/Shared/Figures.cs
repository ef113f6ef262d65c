using System.Globalization;

namespace Workbench.Web.Components.Shared;

/// <summary>Numbers, sizes and times as people read them.</summary>
public static class Figures
{
    private static readonly string[] Sizes = ["B", "KB", "MB", "GB", "TB"];

    /// <summary>1,234 → 1.2K, 134515008 → 134.5M, as model cards write parameter counts.</summary>
    public static string Short(long count) => count switch
    {
        < 1_000 => count.ToString(CultureInfo.InvariantCulture),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:0.#}K"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.#}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.##}B"),
    };

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 row", "2 rows".</summary>
    public static string Of(long count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    public static string Bytes(long bytes)
    {
        double size = bytes;
        var unit = 0;
        while (size >= 1000 && unit < Sizes.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {Sizes[unit]}");
    }

    /// <summary>A loss or a rate, with four digits that matter.</summary>
    public static string Metric(double value) =>
        value is not 0 && Math.Abs(value) is < 1e-3 or >= 1e6
            ? value.ToString("0.###e0", CultureInfo.InvariantCulture)
            : value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>"8 s", "3 min 20 s", "2 h 5 min".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, (int)time.TotalSeconds)} s",
        { TotalMinutes: < 60 } => time.Seconds == 0 ? $"{time.Minutes} min" : $"{time.Minutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };

    /// <summary>"3 Nov 2026"; read alike in every language.</summary>
    public static string Date(DateTimeOffset day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
