using System.Diagnostics;
using System.Globalization;
using Workbench.Data.Deduplication;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Files;

namespace Workbench.Benchmarks.Data;

/// <summary>
/// <c>./workbench bench data [ROWS]</c>: import, exact and near dedup of generated chats at growing sizes up to ROWS (100,000), what is found of the
/// duplicates planted in them, and the python3 peer on the first of the same rows; then search, filter and masks at the largest size.
/// </summary>
internal static class DataBenchmark
{
    private const int PeerRows = 4000;

    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000];

    /// <summary>Figures at one size; rates in rows/s, memory in MB.</summary>
    private sealed record Result(
        int Rows, double Megabytes, double ImportRate, double ImportPeak, double ExactRate, double NearRate, double BothRate, double BothPeak, double Recall, double FalseShare, double SlowestPageMs);

    /// <summary>The peer on the first rows, and how far both agree about what goes.</summary>
    private sealed record PeerResult(int Rows, double Rate, double OwnRate, int PeerRemoved, int OwnRemoved, int Common);

    public static int Run(string[] arguments)
    {
        if (arguments is not ([] or [_]) || (arguments is [var given] && !(int.TryParse(given, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var asked) && asked >= 1000)))
        {
            Console.Error.WriteLine("Say how many rows, from 1,000 on: ./workbench bench data 1000000");
            return 2;
        }

        var most = arguments is [var text] ? int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 100_000;
        var folder = Directory.CreateTempSubdirectory("workbench-bench-data-");
        try
        {
            var sizes = Sizes.Where(size => size < most).Append(most).ToArray();
            Console.WriteLine($"{"rows",10} {"MB",7} {"import/s",10} {"peak MB",8} {"exact/s",10} {"near/s",10} {"both/s",10} {"peak MB",8} {"recall",8} {"false",8} {"page ms",8}");
            var results = sizes.Select(size => Measure(size, folder.FullName)).ToList();
            var peer = Compare(folder.FullName);
            var search = SearchBenchmark.Run(Path.Combine(folder.FullName, "imported"), most);
            Results.Write("data.json", new { results, peer, search });
            var largest = results[^1];
            return largest.Recall >= 0.98 && largest.FalseShare <= 0.01 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Result Measure(int rows, string folder)
    {
        var source = Path.Combine(folder, "chats.jsonl");
        var imported = Path.Combine(folder, "imported");
        File.Delete(source);
        ChatRows.Write(source, rows);
        if (Directory.Exists(imported))
        {
            Directory.Delete(imported, recursive: true);
        }

        Directory.CreateDirectory(imported);
        var megabytes = new FileInfo(source).Length / 1e6;

        PeakMemory.Reset();
        var watch = Stopwatch.StartNew();
        using (var stream = File.OpenRead(source))
        {
            var report = RowImport.RunAsync(stream, imported, new ImportOptions { FileName = source }).GetAwaiter().GetResult();
            Require(report.Rows == rows && report.BadRows == 0, "the import lost rows");
        }

        var (importRate, importPeak) = (rows / watch.Elapsed.TotalSeconds, PeakMemory.Megabytes());
        var path = new RowFileReader(imported).RowsPath;
        var exactRate = rows / Time(path, new ExactDedup(), null);
        var nearRate = rows / Time(path, new NearDedup(), null);

        PeakMemory.Reset();
        var truth = new PlantedTruth();
        var both = rows / Time(path, null, truth);
        var bothPeak = PeakMemory.Megabytes();
        truth.Judge(rows);
        var result = new Result(
            rows, megabytes, importRate, importPeak, exactRate, nearRate, both, bothPeak, truth.Found / (double)truth.Planted, truth.False / (double)Math.Max(1, truth.Removed), SlowestPage(imported, rows));
        Console.WriteLine(
            $"{rows,10:N0} {megabytes,7:N0} {importRate,10:N0} {importPeak,8:N0} {exactRate,10:N0} {nearRate,10:N0} {both,10:N0} {bothPeak,8:N0} {result.Recall,8:P2} {result.FalseShare,8:P2} {result.SlowestPageMs,8:0.0}");
        return result;
    }

    /// <summary>Milliseconds of the slowest of twenty pages of 50 rows, spread over the dataset; the first one opens it.</summary>
    private static double SlowestPage(string folder, int rows)
    {
        var slowest = 0.0;
        for (var page = 0; page < 20; page++)
        {
            var watch = Stopwatch.StartNew();
            var read = new RowFileReader(folder).ReadAsync((int)((long)rows * page / 20), 50).GetAwaiter().GetResult();
            slowest = Math.Max(slowest, watch.Elapsed.TotalMilliseconds);
            Require(read.Count == 50, "a page is short");
        }

        return slowest;
    }

    /// <summary>Seconds from the file to the last verdict; parsing is in it.</summary>
    private static double Time(string path, IRowOperator? single, PlantedTruth? truth)
    {
        var pipeline = new Pipeline(new Recipe { Steps = single is null ? [new ExactDedup(), new NearDedup()] : [single] });
        var watch = Stopwatch.StartNew();
        var kept = pipeline.Run(Rows(path, int.MaxValue), verdict =>
        {
            if (verdict.Step == 1)
            {
                truth?.Add(verdict.Verdict);
            }
        }).Count();
        Require(kept > 0, "nothing was kept");
        return watch.Elapsed.TotalSeconds;
    }

    private static PeerResult? Compare(string folder)
    {
        var path = new RowFileReader(Path.Combine(folder, "imported")).RowsPath;
        if (MinHashPeer.Run(path, PeerRows, 0.8) is not { } peer)
        {
            Console.WriteLine("no python3 with numpy: no peer");
            return null;
        }

        var removed = new HashSet<int>();
        var watch = Stopwatch.StartNew();
        foreach (var verdict in new NearDedup().Apply(Rows(path, peer.Rows)))
        {
            if (!verdict.Kept)
            {
                removed.Add(verdict.Item.Number);
            }
        }

        var own = peer.Rows / watch.Elapsed.TotalSeconds;
        var result = new PeerResult(peer.Rows, peer.Rows / peer.Seconds, own, peer.Removed.Count, removed.Count, removed.Count(peer.Removed.Contains));
        Console.WriteLine(
            $"python3's MinHash on the first {peer.Rows:N0}: {result.Rate:N0} rows/s, ours {own:N0} ({own / result.Rate:N0} times); removed {result.PeerRemoved} and {result.OwnRemoved}, both {result.Common}");
        return result;
    }

    private static IEnumerable<RowItem> Rows(string path, int count)
    {
        using var stream = File.OpenRead(path);
        var lines = DataFile.ReadAsync(stream, path);
        foreach (var line in RowReading.ParseAsync(lines, null, JsonLinesReader.DefaultMaxLineBytes).ToBlockingEnumerable().Take(count))
        {
            yield return new RowItem(line.Number, line.Row!);
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
