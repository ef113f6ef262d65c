using System.Globalization;
using System.Text.Json;
using Workbench.Language.Chat.Templates;

namespace Workbench.Web.Services;

/// <summary>
/// Messages to text: what <c>workbench render</c> and POST /api/render do with one input. The output has the keys of transformers' oracle:
/// rendered, generation_spans (code points), generation_spans_utf16, error, warnings, and source_map on request.
/// </summary>
/// <param name="Template">The template for inputs that bring none; null when each must.</param>
/// <param name="Now">The clock of <c>strftime_now</c> for inputs that set none.</param>
/// <param name="SourceMap">Whether to tell where every character came from.</param>
/// <param name="MayReadFiles">Whether an input may name a template file; a request over HTTP may not.</param>
internal sealed record Rendering(string? Template, DateTime Now, bool SourceMap = false, bool MayReadFiles = false)
{
    /// <summary>Writes the result; false when it is an error.</summary>
    public bool Write(JsonElement input, Utf8JsonWriter json, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        try
        {
            var template = ChatTemplate.Parse(TemplateOf(input));
            var rendered = template.Render(RequestOf(input), new RenderOptions { SourceMap = SourceMap }, cancellationToken);
            json.WriteString("rendered", rendered.Text);
            JsonArrays.Write(json, "generation_spans", rendered.GenerationSpans);
            if (rendered.GenerationSpans is not null)
            {
                JsonArrays.Write(json, "generation_spans_utf16", InUtf16(rendered.Text, rendered.GenerationSpans));
            }

            json.WriteNull("error");
            json.WriteStartArray("warnings");
            foreach (var warning in rendered.Warnings)
            {
                json.WriteStringValue(warning);
            }

            json.WriteEndArray();
            WriteSourceMap(json, rendered.SourceMap);
            json.WriteEndObject();
            return true;
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            json.WriteNull("rendered");
            json.WriteNull("generation_spans");
            Commands.LineLoop.WriteError(json, failure);
            json.WriteStartArray("warnings");
            json.WriteEndArray();
            json.WriteEndObject();
            return false;
        }
    }

    /// <summary>The conversation part of an input: messages, tools, documents, kwargs, special tokens, clock.</summary>
    /// <exception cref="UserInputException">There are no messages, or the clock is none.</exception>
    public ChatRequest RequestOf(JsonElement input)
    {
        if (Property(input, "messages") is not { } messages)
        {
            throw new UserInputException("The input has no messages.", "Give {\"messages\":[{\"role\":\"user\",\"content\":\"…\"}], …}.", "messages");
        }

        return new ChatRequest
        {
            Messages = messages,
            Tools = Property(input, "tools"),
            Documents = Property(input, "documents"),
            Kwargs = Property(input, "kwargs"),
            SpecialTokens = SpecialTokensOf(input),
            Now = ClockOf(input),
        };
    }

    private static JsonElement? Property(JsonElement input, string name) =>
        input.ValueKind == JsonValueKind.Object && input.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static Dictionary<string, string?>? SpecialTokensOf(JsonElement input)
    {
        if (Property(input, "special_tokens") is not { ValueKind: JsonValueKind.Object } tokens)
        {
            return null;
        }

        return tokens.EnumerateObject().ToDictionary(
            token => token.Name, token => token.Value.ValueKind == JsonValueKind.String ? token.Value.GetString() : null, StringComparer.Ordinal);
    }

    private DateTime ClockOf(JsonElement input)
    {
        if (Property(input, "now") is not { } now)
        {
            return Now;
        }

        return now.ValueKind == JsonValueKind.String
            && DateTime.TryParse(now.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
                ? time
                : throw new UserInputException($"now is not a time: {now.GetRawText()}.", "Write it as 2025-06-15T12:34:56.", "now");
    }

    private string TemplateOf(JsonElement input)
    {
        if (Property(input, "template_text") is { ValueKind: JsonValueKind.String } text)
        {
            return text.GetString()!;
        }

        if (Property(input, "template") is { ValueKind: JsonValueKind.String } file)
        {
            return MayReadFiles
                ? TemplateFile.Read(file.GetString()!)
                : throw new UserInputException("A request cannot name a file of this machine.", "Send the template itself as template_text.", "template");
        }

        return Template ?? throw new UserInputException(
            "The input has no template.", "Give template_text (or template, a file), or one template for all with --template.", "template_text");
    }

    private static void WriteSourceMap(Utf8JsonWriter json, SourceMap? map)
    {
        if (map is null)
        {
            return;
        }

        json.WriteStartArray("source_map");
        foreach (var span in map.Spans)
        {
            json.WriteStartObject();
            json.WriteNumber("start", span.Start);
            json.WriteNumber("end", span.End);
            if (span is { TemplateLine: { } line, TemplateColumn: { } column })
            {
                json.WriteStartArray("template");
                json.WriteNumberValue(line);
                json.WriteNumberValue(column);
                json.WriteEndArray();
            }
            else
            {
                json.WriteNull("template");
            }

            if (span.MessageIndex is { } message)
            {
                json.WriteNumber("message", message);
            }
            else
            {
                json.WriteNull("message");
            }

            json.WriteString("field", span.Field);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Spans in code points, counted in UTF-16 units instead.</summary>
    private static IEnumerable<(int Start, int End)> InUtf16(string text, IReadOnlyList<(int Start, int End)> spans)
    {
        var starts = new List<int>(text.Length + 1);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            starts.Add(at);
            at += rune.Utf16SequenceLength;
        }

        starts.Add(at);
        return spans.Select(span => (starts[span.Start], starts[span.End]));
    }
}
