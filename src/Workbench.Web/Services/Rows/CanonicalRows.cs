using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Files;

namespace Workbench.Web.Services.Rows;

/// <summary>The rows of a stored version, one after another.</summary>
internal static class CanonicalRows
{
    /// <param name="path">The version's canonical rows.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="DataFileException">A row is damaged.</exception>
    public static IEnumerable<RowItem> Read(string path, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
        var lines = JsonLinesReader.ReadAsync(stream, cancellationToken: cancellationToken);
        foreach (var line in RowReading.ParseAsync(lines, null, JsonLinesReader.DefaultMaxLineBytes, cancellationToken).ToBlockingEnumerable(cancellationToken))
        {
            yield return line.Row is { } row ? new RowItem(line.Number, row)
                : throw new DataFileException($"{path} is damaged at row {line.Number}: {line.Bad!.Reason}. Import the source again.");
        }
    }
}
