using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Learning.Evaluation;
using Workbench.Web.Services.Rows;

namespace Workbench.Benchmarks.Data;

/// <summary>Looking through the rows of the largest size: full-text index and queries, a filter on a column, and rendering, tokenising and masking beside jinja2.</summary>
internal static class SearchBenchmark
{
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);

    /// <summary>Seconds, rows/s and milliseconds.</summary>
    public sealed record Result(double IndexRate, double SlowestQueryMs, double ScanMs, double? MaskRate, double? JinjaRate);

    /// <param name="folder">Imported rows.</param>
    /// <param name="rows">How many.</param>
    public static Result Run(string folder, int rows)
    {
        var path = new RowFileReader(folder).RowsPath;
        var index = new RowIndex(Path.Combine(folder, "index.db"));
        var watch = Stopwatch.StartNew();
        index.Build(Rows(path).Select(item => item.Row), _ => { }, CancellationToken.None);
        var indexRate = rows / watch.Elapsed.TotalSeconds;

        // Words of the first rows: common and rare ones, alone and together, a beginning and a phrase.
        var words = ChatRows.Texts(1).Answer.Split(' ');
        string[] queries = [words[0], words[1], $"{words[0]} {words[1]}", words[2][..2], $"\"{words[3]} {words[4]}\"", $"{words[5]} {words[6]} {words[7]}"];
        var took = queries.Select(query => (Query: query, Ms: Milliseconds(() => index.Find(new RowQuery(query), 0, 50)), index.Find(new RowQuery(query), 0, 1).Total)).ToList();
        Console.WriteLine(string.Join("; ", took.Select(one => $"{one.Query}: {one.Total:N0} rows in {one.Ms:0} ms")));
        var slowest = took.Max(one => one.Ms);
        var scan = Milliseconds(() => ColumnScan.Find(path, [ColumnFilter.Parse("messages.content~" + words[8])], _ => { }, CancellationToken.None));

        var mask = Mask(folder);
        var result = new Result(indexRate, slowest, scan, mask?.Rate, mask?.Jinja);
        Console.WriteLine(
            $"full-text index {result.IndexRate:N0} rows/s; slowest of {queries.Length} queries {result.SlowestQueryMs:0} ms; a column's filter read all rows in {result.ScanMs:N0} ms");
        Console.WriteLine(result.MaskRate is null ? "no real rows to mask" : result.JinjaRate is { } jinja
            ? $"rendering, tokenising and masking {result.MaskRate:N0} rows/s; python3's jinja2 rendering alone {jinja:N0} ({result.MaskRate / jinja:0.0} times)"
            : $"rendering, tokenising and masking {result.MaskRate:N0} rows/s; no python3 with jinja2: no peer");
        return result;
    }

    private static double Milliseconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>
    /// Real rows, a model's own template and tokenizer: LLaMA-Factory's chats and tool calls as MiniMind's tokenizer makes them, on all cores. Null where the
    /// shared data are not there.
    /// </summary>
    private static (double Rate, double? Jinja)? Mask(string folder)
    {
        if (Places.Shared("assets/datasets") is not { } datasets || Places.Shared("assets/tokenizers/minimind") is not { } tokenizer)
        {
            return null;
        }

        var rows = new List<Row>();
        foreach (var name in (string[])["llamafactory_alpaca_en_demo.json", "llamafactory_alpaca_zh_demo.json", "llamafactory_glaive_toolcall_en_demo.json"])
        {
            var imported = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            using var stream = File.OpenRead(Path.Combine(datasets, name));
            RowImport.RunAsync(stream, imported, new ImportOptions { FileName = name }).GetAwaiter().GetResult();
            rows.AddRange(Rows(new RowFileReader(imported).RowsPath).Select(item => item.Row));
        }

        var path = Path.Combine(folder, "real.jsonl");
        File.WriteAllLines(path, rows.Select(row => row.Json.GetRawText()));
        var template = Path.Combine(folder, "template.jinja");
        File.WriteAllText(template, Language.Tokenizers.PretrainedTokenizer.Load(tokenizer).ChatTemplate!);
        var counter = RowTokenCounter.Load(tokenizer);
        void Round() => Parallel.ForEach(rows, row =>
        {
            if (counter.Count(row) is not { Problem: null, Trained: > 0 })
            {
                throw new InvalidOperationException("a row was not masked");
            }
        });
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < Measured;)
        {
            Round();
        }

        var (masked, watch) = (0, Stopwatch.StartNew());
        while (watch.Elapsed < Measured)
        {
            Round();
            masked += rows.Count;
        }

        return (masked / watch.Elapsed.TotalSeconds, Jinja(path, template));
    }

    private static double? Jinja(string path, string template)
    {
        foreach (var python in new[] { "/usr/bin/python3", "python3" })
        {
            try
            {
                string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Data", "render_rows_peer.py"), path, template];
                using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
                var output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode == 0)
                {
                    var json = JsonElement.Parse(output);
                    return json.GetProperty("rows").GetInt32() / json.GetProperty("seconds").GetDouble();
                }
            }
            catch (Win32Exception)
            {
                // This interpreter is not installed; the next may be.
                continue;
            }
        }

        return null;
    }

    private static IEnumerable<RowItem> Rows(string path) => CanonicalRows.Read(path, CancellationToken.None);
}
