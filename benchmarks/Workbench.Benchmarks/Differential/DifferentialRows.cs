using System.Text.Json;
using System.Text.RegularExpressions;
using Workbench.Language.Chat.Templates;

namespace Workbench.Benchmarks.Differential;

/// <summary>Renders the rows of generate.py over its variables, and compares them with what Jinja2 made of them.</summary>
internal sealed partial class DifferentialRows
{
    private readonly ChatRequest request;

    /// <param name="variables">The object of variables that every template is given.</param>
    public DifferentialRows(JsonElement variables)
    {
        var members = variables.EnumerateObject().Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value.GetRawText()}");
        request = new ChatRequest
        {
            Messages = JsonDocument.Parse("[]").RootElement,
            Kwargs = JsonDocument.Parse("{" + string.Join(",", members.Append("\"return_assistant_tokens_mask\":true")) + "}").RootElement,
            Now = new DateTime(2025, 6, 15, 12, 34, 56),
        };
    }

    /// <summary>What this engine makes of the row's template where that is something else; null where it agrees.</summary>
    public string? Difference(JsonElement row)
    {
        var template = row.GetProperty("template").GetString()!;
        try
        {
            var rendered = ChatTemplate.Parse(template).Render(request);
            var spans = JsonSerializer.Serialize((rendered.GenerationSpans ?? []).Select(span => new[] { span.Start, span.End }));
            return row.TryGetProperty("r", out var text) && SameText(text.GetString()!, rendered.Text) && JsonSerializer.Serialize(row.GetProperty("s")) == spans
                ? null
                : $"{JsonSerializer.Serialize(rendered.Text)} {spans}";
        }
        catch (TemplateException error)
        {
            return row.TryGetProperty("e", out var type) && type.GetString() == error.Type && SameText(row.GetProperty("m").GetString()!, error.Message)
                && (row.GetProperty("l") is { ValueKind: JsonValueKind.Number } line ? line.GetInt32() : null) == error.Line
                ? null
                : $"{error.Type}: {error.Message} (line {error.Line})";
        }
    }

    // Objects that print their address have another one in every process.
    private static bool SameText(string expected, string actual) => expected == actual || Address().Replace(expected, "0x0") == Address().Replace(actual, "0x0");

    [GeneratedRegex("0[xX][0-9a-fA-F]{6,}", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
