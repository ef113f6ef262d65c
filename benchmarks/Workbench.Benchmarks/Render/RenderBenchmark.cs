using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Workbench.Language.Chat.Templates;

namespace Workbench.Benchmarks.Render;

/// <summary>
/// Renders every successful row of the template corpus on one thread, templates and conversations prepared beforehand,
/// in turns with python3's jinja2 over the same rows: what counts is the ratio, the machine being the same moment by moment.
/// </summary>
internal static class RenderBenchmark
{
    private const int Rounds = 5;
    private const int Passes = 10;

    private static readonly RenderOptions Plain = new();
    private static readonly RenderOptions Mapped = new() { SourceMap = true };

    public static int Run()
    {
        if (Places.Shared("corpus") is not { } corpus)
        {
            return 1;
        }

        var rows = CorpusRows.Load(corpus);
        using var peer = Jinja2Peer.Start(corpus);
        Measure(rows, Plain, 3);
        Measure(rows, Mapped, 3);
        var (plain, mapped, python) = (0.0, 0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            plain = Math.Max(plain, Measure(rows, Plain, Passes));
            python = Math.Max(python, peer?.Measure() ?? 0);
            mapped = Math.Max(mapped, Measure(rows, Mapped, Passes));
        }

        var result = new RenderResult(
            rows.Count, plain, mapped, plain / mapped, Allocated(rows, Plain), Allocated(rows, Mapped), peer is null ? null : python, peer is null ? null : plain / python);
        Print(result);
        Write(result);
        return 0;
    }

    private static double Measure(List<CorpusRow> rows, RenderOptions options, int passes)
    {
        var watch = Stopwatch.StartNew();
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var row in rows)
            {
                row.Template.Render(row.Request, options);
            }
        }

        return rows.Count * passes / watch.Elapsed.TotalSeconds;
    }

    private static long Allocated(List<CorpusRow> rows, RenderOptions options)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(rows, options, 1);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / rows.Count;
    }

    private static void Print(RenderResult result)
    {
        static string Number(double? value) => value is { } number ? number.ToString("N0", CultureInfo.InvariantCulture) : "-";
        Console.WriteLine($"{result.Rows:N0} rows, one thread, best of {Rounds}");
        Console.WriteLine("engine                     renders/s   bytes/render");
        Console.WriteLine($"workbench                 {Number(result.RendersPerSecond),10}   {Number(result.BytesPerRender),12}");
        Console.WriteLine($"workbench, source map     {Number(result.MappedRendersPerSecond),10}   {Number(result.MappedBytesPerRender),12}");
        Console.WriteLine($"python3 jinja2            {Number(result.Jinja2RendersPerSecond),10}              -");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"source map takes {result.SourceMapSlowdown:F2} times the time"));
        Console.WriteLine(result.TimesJinja2 is { } times
            ? string.Create(CultureInfo.InvariantCulture, $"{times:F1} times jinja2")
            : "python3 with jinja2 was not found, so there is nothing to compare with");
    }

    private static void Write(RenderResult result)
    {
        var file = Path.Combine(Places.Results, "render.json");
        File.WriteAllText(file, JsonSerializer.Serialize(result, RenderResult.Json));
        Console.WriteLine($"written to {file}");
    }
}
