using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Workbench.Benchmarks.Pages;

/// <summary>
/// <c>./workbench bench pages</c>: how soon each page is painted with 100 runs, 20 datasets and a million rows stored, how soon 100,000 points
/// are on the screen, and whether 50 viewers get every point of runs that write 1,000 a second.
/// </summary>
internal static class PagesBenchmark
{
    private const int Looks = 5, Viewers = 50, PointsPerSecond = 1000, Seconds = 10;

    /// <param name="FirstPaint">Median milliseconds to first contentful paint.</param>
    /// <param name="Content">Median milliseconds until the page shows its content.</param>
    private sealed record PageFigures(string Page, double FirstPaint, double Content);

    /// <param name="FirstPoint">Milliseconds from the worker's writing to the first point at a viewer, the slowest of all viewers.</param>
    /// <param name="P99">The same of all points, the 99th percentile.</param>
    private sealed record HubFigures(int Viewers, int Points, int Gaps, double FirstPoint, double Median, double P99, double PointsPerSecond);

    private sealed record Figures(IReadOnlyList<PageFigures> Pages, double LongRunOpened, HubFigures Hub);

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("workbench-pages-").FullName;
        try
        {
            var world = new PagesWorld(folder);
            world.WriteRuns();
            await using var app = await ServedWorkbench.StartAsync(folder);
            using var http = new HttpClient { BaseAddress = app.Address, Timeout = TimeSpan.FromMinutes(5) };
            await PagesWorld.UploadAsync(http);
            var model = await PagesWorld.AddModelAsync(http);
            await UntilFollowedAsync(http);
            var hub = await HubAsync(world, app.Address);
            var (pages, opened) = await PagesAsync(app.Address, model);
            foreach (var page in pages)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{page.Page,-22} first paint {page.FirstPaint,5:F0} ms, content {page.Content,5:F0} ms"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{PagesWorld.LongPoints:N0} points open in {opened:F0} ms"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hub: {hub.Viewers} viewers, {hub.PointsPerSecond:F0} points/s written, {hub.Points:N0} received, {hub.Gaps} gaps; first point {hub.FirstPoint:F0} ms, median {hub.Median:F0} ms, 99th percentile {hub.P99:F0} ms"));
            Results.Write("pages.json", new Figures(pages, opened, hub));
            return pages.All(page => page.FirstPaint < 500) && opened < 1000 && hub is { Gaps: 0, FirstPoint: < 250 } ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The long run's points are carried into the database before anything is measured.</summary>
    private static async Task UntilFollowedAsync(HttpClient http)
    {
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromMinutes(3);)
        {
            if ((await http.GetStringAsync($"/api/runs/{PagesWorld.LongRun}")).Contains($"\"lastSeq\":{PagesWorld.LongPoints}", StringComparison.OrdinalIgnoreCase)
                || (await http.GetStringAsync($"/api/runs/{PagesWorld.LongRun}")).Contains($"\"last_seq\":{PagesWorld.LongPoints}", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(200);
        }

        throw new InvalidOperationException("the run of 100,000 points was not taken over");
    }

    private static async Task<HubFigures> HubAsync(PagesWorld world, Uri address)
    {
        var runs = Enumerable.Range(0, PagesWorld.LiveRuns).Select(PagesWorld.Live).ToList();
        var viewers = new List<HubViewer>();
        for (var i = 0; i < Viewers; i++)
        {
            viewers.Add(await HubViewer.WatchAsync(address, runs));
        }

        var random = new Random(2);
        long seq = 0;
        void Write(int points)
        {
            var first = seq + 1;
            var time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
            foreach (var run in runs)
            {
                var lines = new StringBuilder();
                for (var i = 0; i < points; i++)
                {
                    lines.Append(PagesWorld.Line(first + i, time, random.NextDouble())).Append('\n');
                }

                File.AppendAllText(world.MetricsOf(run), lines.ToString());
            }

            seq += points;
        }

        await Task.Delay(1000); // every subscription stands
        Write(1);
        await UntilAsync(() => viewers.All(viewer => viewer.Has(1, runs.Count)));
        var firstPoint = viewers.Max(viewer => viewer.Latencies.Max());

        // Twenty times a second, as workers do that take some milliseconds a step.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(Seconds) && await pace.WaitForNextTickAsync())
        {
            Write(PointsPerSecond / 20 / runs.Count);
        }

        var written = (seq - 1) * runs.Count / clock.Elapsed.TotalSeconds;
        await UntilAsync(() => viewers.All(viewer => viewer.Has(seq, runs.Count)));
        var latencies = viewers.SelectMany(viewer => viewer.Latencies).Order().ToList();
        var figures = new HubFigures(
            Viewers, viewers.Sum(viewer => viewer.Points), viewers.Sum(viewer => viewer.Gaps), firstPoint * 1000,
            latencies[latencies.Count / 2] * 1000, latencies[(int)(latencies.Count * 0.99)] * 1000, written);
        foreach (var viewer in viewers)
        {
            await viewer.DisposeAsync();
        }

        return figures;
    }

    private static async Task UntilAsync(Func<bool> done)
    {
        for (var patience = Stopwatch.StartNew(); !done() && patience.Elapsed < TimeSpan.FromSeconds(60);)
        {
            await Task.Delay(10);
        }
    }

    private static async Task<(List<PageFigures> Pages, double Opened)> PagesAsync(Uri address, string model)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("WORKBENCH_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await (await browser.NewContextAsync()).NewPageAsync();
        var figures = new List<PageFigures>();
        foreach (var path in (string[])["/", "/models", $"/models/{model}", "/templates", "/datasets", "/runs", "/runs/new", "/runs/run00001", "/runs/compare?runs=run00001,run00002", "/chat"])
        {
            var (paints, contents) = (new List<double>(), new List<double>());
            for (var look = 0; look <= Looks; look++)
            {
                await page.GotoAsync(new Uri(address, path).ToString());
                await page.WaitForFunctionAsync("document.querySelector('main h1') && !document.querySelector('main .loading')");
                var content = await page.EvaluateAsync<double>("performance.now()");
                var paint = await page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()");
                if (look > 0)
                {
                    paints.Add(paint); // the first look fills caches
                    contents.Add(content);
                }
            }

            figures.Add(new(path.Replace(model, "ID", StringComparison.Ordinal), Median(paints), Median(contents)));
        }

        var opened = new List<double>();
        for (var look = 0; look < Looks; look++)
        {
            await page.GotoAsync(new Uri(address, $"/runs/{PagesWorld.LongRun}").ToString());
            await page.WaitForSelectorAsync("[data-opened]", new() { State = WaitForSelectorState.Attached });
            opened.Add(await page.EvaluateAsync<double>("Number(document.querySelector('[data-opened]').dataset.opened)"));
        }

        return (figures, Median(opened));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
