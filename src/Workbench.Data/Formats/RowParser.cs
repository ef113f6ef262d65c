using System.Text.Json;
using System.Text.Unicode;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Data.Formats;

/// <summary>A training row: its shape and its JSON, every field kept.</summary>
public sealed record Row(RowShape Shape, JsonElement Json)
{
    /// <summary>Name of the <see cref="SourceShape"/> that the row came in; null where nobody looked.</summary>
    public string? Source { get; init; }
}

/// <summary>Understands one line of JSON as a training row; whatever known form it comes in, its columns get TRL's names.</summary>
public static class RowParser
{
    /// <summary>Deepest nesting accepted; tool definitions in the wild stay below 20.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <param name="line">UTF-8.</param>
    /// <param name="mapping">Which columns are what, for files of no known form.</param>
    /// <exception cref="RowFormatException">The line is no JSON object or has none of the known shapes.</exception>
    public static Row Parse(ReadOnlyMemory<byte> line, ColumnMapping? mapping = null)
    {
        var json = ParseJson(line);
        return mapping is null ? SourceShapes.Normalize(json) : mapping.Apply(json);
    }

    /// <summary>The line as JSON, whatever it holds.</summary>
    /// <exception cref="RowFormatException">It is no JSON, nests deeper than <see cref="MaxDepth"/>, or holds what no text may hold.</exception>
    public static JsonElement ParseJson(ReadOnlyMemory<byte> line)
    {
        if (!Utf8.IsValid(line.Span))
        {
            throw new RowFormatException("the line is not valid UTF-8; save the file as UTF-8");
        }

        try
        {
            using var document = JsonDocument.Parse(line, Options);
            if (MayHoldSurrogates(line.Span))
            {
                CheckSurrogates(document.RootElement);
            }

            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new RowFormatException(JsonErrors.Describe(exception, line.Length));
        }
    }

    private static bool MayHoldSurrogates(ReadOnlySpan<byte> line) => line.IndexOf("\\ud"u8) >= 0 || line.IndexOf("\\uD"u8) >= 0;

    private static void CheckSurrogates(JsonElement json)
    {
        try
        {
            using var writer = new Utf8JsonWriter(Stream.Null, new JsonWriterOptions { MaxDepth = MaxDepth });
            json.WriteTo(writer);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new RowFormatException("a string holds half of a surrogate pair (\\ud800 to \\udfff alone), which is no character");
        }
    }
}
