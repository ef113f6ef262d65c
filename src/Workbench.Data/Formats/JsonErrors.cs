using System.Text.Json;

namespace Workbench.Data.Formats;

/// <summary>What the JSON parser found, in words for whoever wrote the line.</summary>
public static class JsonErrors
{
    /// <summary>The parser's message with the column in place of its own line count, which is always 0 for a single line.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="length">Length of the line in bytes, where known: an error behind its end means that it ends too early.</param>
    public static string Describe(JsonException exception, int length = int.MaxValue)
    {
        var message = exception.Message;
        var cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var column = (exception.BytePositionInLine ?? 0) + 1;
        var place = column > length ? "the line ends too early" : $"column {column}";
        return $"not valid JSON ({place}): {(cut < 0 ? message : message[..cut])}";
    }
}
