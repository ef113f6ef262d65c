using System.Text;

namespace Workbench.Web.Services;

/// <summary>Reads the end of a log file that may still be written, without reading what comes before.</summary>
internal static class LogTail
{
    public const string FileName = "log.txt";

    /// <summary>The most that is read, however long the lines are.</summary>
    private const int MaxBytes = 256 * 1024;

    /// <summary>The last <paramref name="lines"/> lines; empty where there is no file yet.</summary>
    public static async Task<string> ReadAsync(string path, int lines, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(path) || lines <= 0)
        {
            return "";
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - MaxBytes);
        var bytes = new byte[MaxBytes];
        var text = Encoding.UTF8.GetString(bytes, 0, await file.ReadAtLeastAsync(bytes, MaxBytes, throwOnEndOfStream: false, cancellationToken));
        var start = text.Length - (text.EndsWith('\n') ? 1 : 0);
        for (var found = 0; found < lines && start > 0; found++)
        {
            start = text.LastIndexOf('\n', start - 1);
        }

        return start < 0 ? text : text[start..].TrimStart('\n');
    }
}
