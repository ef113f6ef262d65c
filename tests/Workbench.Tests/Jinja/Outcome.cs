using System.Text.Json;
using Workbench.Language.Chat.Templates;

namespace Workbench.Tests.Jinja;

/// <summary>What a rendering came to, comparable with a row of the oracle's results.</summary>
internal sealed record Outcome(RenderedChat? Rendered, TemplateException? Error)
{
    public static Outcome Of(string template, ChatRequest request)
    {
        try
        {
            return new Outcome(ChatTemplate.Parse(template).Render(request), null);
        }
        catch (TemplateException error)
        {
            return new Outcome(null, error);
        }
    }

    /// <summary>A row is <c>{"r": text, "s": spans?}</c> or <c>{"e": class, "m": message, "l": line}</c>.</summary>
    public bool Matches(JsonElement row)
    {
        if (!row.TryGetProperty("e", out var type))
        {
            return Error is null && Rendered!.Text == row.GetProperty("r").GetString() && SpansMatch(row);
        }

        // Where exactly Python's stack ends is worded in several ways, so only the class counts for that one.
        return Error is not null && Error.Type == type.GetString()
            && (Error.Type == "RecursionError" || Error.Message == row.GetProperty("m").GetString())
            && (!row.TryGetProperty("l", out var line) || line.ValueKind == JsonValueKind.Null || line.GetInt32() == Error.Line);
    }

    public override string ToString() => Error is null
        ? Shorten(JsonSerializer.Serialize(Rendered!.Text))
        : $"{Error.Type}: {Shorten(Error.Message)} (line {Error.Line})";

    public static string Shorten(string text) => text.Length < 300 ? text : text[..300] + "…";

    private bool SpansMatch(JsonElement row) => !row.TryGetProperty("s", out var spans)
        || spans.EnumerateArray().Select(span => (span[0].GetInt32(), span[1].GetInt32())).SequenceEqual(Rendered!.GenerationSpans ?? []);
}
