using System.Diagnostics;
using System.Globalization;
using Workbench.Language.Chat.Templates;

namespace Workbench.Benchmarks.Render;

/// <summary>
/// Renders every successful row of the template corpus on one thread, templates and conversations prepared beforehand, in turns
/// with python3's jinja2 over the same rows: what counts is the ratio, the machine being the same moment by moment. The peer is
/// given Python dicts, so ours is given its own values; "with JSON" converts the conversation anew for every rendering.
/// </summary>
internal static class RenderBenchmark
{
    private const int Rounds = 5;
    private const int Passes = 10;

    private static readonly RenderOptions Plain = new();
    private static readonly RenderOptions Mapped = new() { SourceMap = true };

    public static int Run()
    {
        if (Corpus.Find() is not { } corpus)
        {
            return 1;
        }

        var rows = corpus.Rows();
        if (rows.Find(row => !IsRight(row)) is { } wrong)
        {
            Console.Error.WriteLine($"{wrong.Name} renders another text than transformers': run ./workbench test CorpusTests.");
            return 1;
        }

        using var peer = Jinja2Peer.Start(corpus.Folder);
        Measure(rows, PlainOf, 3);
        Measure(rows, MappedOf, 3);
        Measure(rows, ConvertingOf, 3);
        var (plain, mapped, converting, python) = (0.0, 0.0, 0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            plain = Math.Max(plain, Measure(rows, PlainOf, Passes));
            python = Math.Max(python, peer?.Measure() ?? 0);
            mapped = Math.Max(mapped, Measure(rows, MappedOf, Passes));
            converting = Math.Max(converting, Measure(rows, ConvertingOf, Passes));
        }

        var result = new RenderResult(
            rows.Count,
            new Speed(plain, Allocated(rows, PlainOf)),
            new Speed(mapped, Allocated(rows, MappedOf)),
            new Speed(converting, Allocated(rows, ConvertingOf)),
            plain / mapped,
            peer is null ? null : python,
            peer is null ? null : plain / python);
        Print(result);
        Results.Write("render.json", result);
        return 0;
    }

    private static bool IsRight(CorpusRow row) => PlainOf(row).Text == row.Expected && MappedOf(row).Text == row.Expected;

    private static RenderedChat PlainOf(CorpusRow row) => row.Template.Render(row.Request, Plain);

    private static RenderedChat MappedOf(CorpusRow row) => row.Template.Render(row.Request, Mapped);

    // A copy of a request converts its JSON again.
    private static RenderedChat ConvertingOf(CorpusRow row) => row.Template.Render(row.Request with { }, Plain);

    private static double Measure(List<CorpusRow> rows, Func<CorpusRow, RenderedChat> render, int passes)
    {
        var watch = Stopwatch.StartNew();
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var row in rows)
            {
                render(row);
            }
        }

        return rows.Count * passes / watch.Elapsed.TotalSeconds;
    }

    private static long Allocated(List<CorpusRow> rows, Func<CorpusRow, RenderedChat> render)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(rows, render, 1);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / rows.Count;
    }

    private static void Print(RenderResult result)
    {
        void Line(string engine, double? speed, long? bytes) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{engine,-24} {(speed is null ? "-" : speed.Value.ToString("N0", CultureInfo.InvariantCulture)),10}   {(bytes is null ? "-" : bytes.Value.ToString("N0", CultureInfo.InvariantCulture)),12}"));
        Console.WriteLine($"{result.Rows:N0} rows, all equal to transformers' text; one thread, best of {Rounds}");
        Console.WriteLine("engine                    renders/s   bytes/render");
        Line("workbench", result.Plain.RendersPerSecond, result.Plain.BytesPerRender);
        Line("workbench, source map", result.Mapped.RendersPerSecond, result.Mapped.BytesPerRender);
        Line("workbench, with JSON", result.Converting.RendersPerSecond, result.Converting.BytesPerRender);
        Line("python3 jinja2", result.Jinja2RendersPerSecond, null);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"source map takes {result.SourceMapSlowdown:F2} times the time"));
        Console.WriteLine(result.TimesJinja2 is { } times
            ? string.Create(CultureInfo.InvariantCulture, $"{times:F1} times jinja2")
            : "python3 with jinja2 was not found, so there is nothing to compare with");
    }
}
