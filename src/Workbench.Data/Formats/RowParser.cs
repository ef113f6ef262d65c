using System.Text.Json;
using System.Text.Unicode;

namespace Workbench.Data.Formats;

/// <summary>A training row: its shape and its JSON, every field kept.</summary>
public sealed record Row(RowShape Shape, JsonElement Json);

/// <summary>Understands one line of JSON as a training row.</summary>
public static class RowParser
{
    /// <summary>Deepest nesting accepted; tool definitions in the wild stay below 20.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <exception cref="RowFormatException">The line is no JSON object or has none of the known shapes.</exception>
    public static Row Parse(ReadOnlyMemory<byte> line)
    {
        if (!Utf8.IsValid(line.Span))
        {
            throw new RowFormatException("the line is not valid UTF-8; save the file as UTF-8");
        }

        JsonElement json;
        try
        {
            using var document = JsonDocument.Parse(line, Options);
            json = document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new RowFormatException(JsonErrors.Describe(exception, line.Length));
        }

        return new Row(RowShapes.Detect(json), json);
    }
}
