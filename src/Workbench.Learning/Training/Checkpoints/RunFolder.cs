using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Workbench.Learning.Evaluation;

namespace Workbench.Learning.Training.Checkpoints;

/// <summary>
/// A run on disk: <c>config.json</c>, <c>metrics.jsonl</c>, <c>log.txt</c>, <c>samples.jsonl</c>, <c>completions.jsonl</c>, <c>source/</c>, <c>checkpoint-N/</c>, <c>final/</c> and
/// <c>status.json</c>. It alone is enough to rebuild what a database says about the run. One process writes, any may read.
/// </summary>
public sealed partial class RunFolder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private const string SamplesName = "samples.jsonl";

    private readonly TimeProvider _clock;
    private long _lastSeq;

    private RunFolder(string path, TimeProvider clock)
    {
        Path = System.IO.Path.GetFullPath(path);
        _clock = clock;
    }

    public string Path { get; }

    public string ConfigPath => In("config.json");

    public string MetricsPath => In("metrics.jsonl");

    public string LogPath => In("log.txt");

    public string SamplesPath => In(SamplesName);

    public string StatusPath => In("status.json");

    /// <summary>What the reference model answered (<c>precompute_ref_log_probs</c>).</summary>
    internal string ReferencePath => In("reference_logps.safetensors");

    /// <summary>
    /// What lay beside the model's weights when the run began: what the run saves is made of it, whatever becomes of the model's folder.
    /// </summary>
    internal string SourcePath => In("source");

    /// <summary>The finished model in Hugging Face's layout, or the adapter in PEFT's.</summary>
    public string FinalPath => In("final");

    /// <summary>Creates the folder where it is missing and takes up the numbering of metrics where an earlier process left it.</summary>
    public static RunFolder Open(string path, TimeProvider? clock = null)
    {
        var folder = new RunFolder(path, clock ?? TimeProvider.System);
        Directory.CreateDirectory(folder.Path);
        DropTornLine(folder.MetricsPath);
        DropTornLine(folder.SamplesPath);
        DropTornLine(CompletionFile.PathIn(folder.Path));
        folder._lastSeq = folder.ReadMetrics().LastOrDefault()?.Seq ?? 0;
        return folder;
    }

    /// <summary>Writes the configuration with every default.</summary>
    public void WriteConfig(RunConfig config) => WriteWhole(ConfigPath, config.ToJson() + "\n");

    public RunConfig ReadConfig() => RunConfig.Parse(File.ReadAllText(ConfigPath));

    /// <summary>Numbers a point, appends it as one line and hands it to the operating system before returning.</summary>
    public MetricPoint AppendMetric(int step, double epoch, IReadOnlyDictionary<string, double> values)
    {
        var time = _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        var point = new MetricPoint(++_lastSeq, step, epoch, time, values);
        File.AppendAllText(MetricsPath, point.ToJson() + "\n", Utf8);
        return point;
    }

    /// <summary>Every point so far; lines that are not whole (another process may be writing one) are left out.</summary>
    public IEnumerable<MetricPoint> ReadMetrics()
    {
        if (!File.Exists(MetricsPath))
        {
            yield break;
        }

        using var file = new FileStream(MetricsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Utf8);
        while (reader.ReadLine() is { } line)
        {
            if (MetricPoint.TryParse(line) is { } point)
            {
                yield return point;
            }
        }
    }

    /// <summary>Appends what was answered at an evaluation.</summary>
    public void AppendSamples(SamplePoint point) => File.AppendAllText(SamplesPath, point.ToJson() + "\n", Utf8);

    /// <summary>Appends what was sampled in a step of GRPO.</summary>
    public void AppendCompletions(CompletionPoint point) => CompletionFile.Append(Path, point);

    /// <summary>What was answered at each evaluation, by step; where a step was evaluated again, the last.</summary>
    public IReadOnlyList<SamplePoint> ReadSamples() => ReadSamples(Path);

    /// <summary>The same of a folder that another process may be writing.</summary>
    public static IReadOnlyList<SamplePoint> ReadSamples(string folder)
    {
        var path = System.IO.Path.Combine(folder, SamplesName);
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Utf8);
        var points = new SortedDictionary<int, SamplePoint>();
        while (reader.ReadLine() is { } line)
        {
            if (SamplePoint.TryParse(line) is { } point)
            {
                points[point.Step] = point;
            }
        }

        return [.. points.Values];
    }

    /// <summary>Appends a line, with its time, to <c>log.txt</c>.</summary>
    public void Log(string message)
    {
        var time = _clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        File.AppendAllText(LogPath, $"{time} {message}\n", Utf8);
    }

    public void WriteStatus(RunStatus status) =>
        WriteWhole(StatusPath, JsonSerializer.Serialize(status with { UpdatedAt = _clock.GetUtcNow() }, RunConfig.Json) + "\n");

    /// <summary>The status, or null where none was written or it cannot be read.</summary>
    public RunStatus? ReadStatus()
    {
        try
        {
            return JsonSerializer.Deserialize<RunStatus>(File.ReadAllBytes(StatusPath), RunConfig.Json);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    public string CheckpointPath(int step) => In(string.Create(CultureInfo.InvariantCulture, $"checkpoint-{step}"));

    /// <summary>Steps of the checkpoints that are complete, ascending.</summary>
    public IReadOnlyList<int> Checkpoints() =>
    [
        .. Directory.EnumerateDirectories(Path)
            .Select(directory => CheckpointName().Match(System.IO.Path.GetFileName(directory)))
            .Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .Order(),
    ];

    /// <summary>
    /// Lets <paramref name="write"/> fill a temporary folder and gives it its name once it is complete, so that a crash never
    /// leaves half a checkpoint under a checkpoint's name.
    /// </summary>
    public static void WriteDirectory(string target, Action<string> write)
    {
        var temporary = target + ".tmp";
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        Directory.CreateDirectory(temporary);
        write(temporary);
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        Directory.Move(temporary, target);
    }

    /// <summary>
    /// Deletes the oldest checkpoints beyond <paramref name="limit"/>; null keeps all. The one of step <paramref name="best"/> is
    /// kept, and counts; the latest is kept beside it even where the limit is 1, because the run resumes from it.
    /// </summary>
    public void KeepCheckpoints(int? limit, int? best = null)
    {
        var checkpoints = Checkpoints();
        var surplus = limit is { } kept ? Math.Max(0, checkpoints.Count - kept) : 0;
        foreach (var step in checkpoints.SkipLast(1).Where(step => step != best).Take(surplus))
        {
            // Renamed first: a crash halfway must not leave half a checkpoint under a checkpoint's name.
            Directory.Move(CheckpointPath(step), CheckpointPath(step) + ".tmp");
            Directory.Delete(CheckpointPath(step) + ".tmp", recursive: true);
        }
    }

    /// <summary>Removes what a killed process left unfinished.</summary>
    public void DeleteLeftovers()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path, "*.tmp").ToList())
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static void WriteWhole(string path, string text)
    {
        File.WriteAllText(path + ".tmp", text, Utf8);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>A process that was killed while it wrote leaves half a line; what is appended next must not join it.</summary>
    private static void DropTornLine(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var end = file.Length;
        while (end > 0)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
            {
                break;
            }

            end--;
        }

        file.SetLength(end);
    }

    [GeneratedRegex("^checkpoint-([0-9]{1,9})$", RegexOptions.CultureInvariant)]
    private static partial Regex CheckpointName();
}
