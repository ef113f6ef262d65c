using System.Text;
using Workbench.Learning.Evaluation;

namespace Workbench.Learning.Training.Checkpoints;

/// <summary>
/// <c>completions.jsonl</c> of a run folder. Bounded: a file that has grown too large loses every second of its points, so that it goes on
/// covering the whole run.
/// </summary>
public static class CompletionFile
{
    /// <summary>Bytes above which points are dropped.</summary>
    public const long MaxBytes = 4 << 20;

    private const string FileName = "completions.jsonl";

    internal static string PathIn(string folder) => Path.Combine(folder, FileName);

    internal static void Append(string folder, CompletionPoint point, long maxBytes = MaxBytes)
    {
        var path = PathIn(folder);
        File.AppendAllText(path, point.ToJson() + "\n");
        if (new FileInfo(path).Length > maxBytes)
        {
            var points = Read(folder);
            var kept = points.Where((_, i) => (points.Count - 1 - i) % 2 == 0);
            File.WriteAllText(path + ".tmp", string.Concat(kept.Select(point => point.ToJson() + "\n")));
            File.Move(path + ".tmp", path, overwrite: true);
        }
    }

    /// <summary>By step; where a step was trained again after a kill, the last. Another process may be writing.</summary>
    /// <param name="folder">The run's.</param>
    public static IReadOnlyList<CompletionPoint> Read(string folder)
    {
        var path = PathIn(folder);
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var points = new SortedDictionary<int, CompletionPoint>();
        while (reader.ReadLine() is { } line)
        {
            if (CompletionPoint.TryParse(line) is { } point)
            {
                points[point.Step] = point;
            }
        }

        return [.. points.Values];
    }
}
