using System.Text.Json;
using Workbench.Language.Chat.Templates;
using Workbench.Testing;

namespace Workbench.Tests.Jinja;

/// <summary>
/// The source map over the whole corpus, judged by the conversation alone: what it says to come from a field must stand in that
/// field, and what only one field can have written must be said to come from it.
/// </summary>
public class SourceMapCorpusTests(ITestOutputHelper output)
{
    private static readonly RenderOptions Mapped = new() { SourceMap = true };

    [Fact]
    public void Text_attributed_to_a_field_stands_in_that_field()
    {
        var spans = 0;
        var failures = new List<string>();
        foreach (var (name, id, oracleCase, rendered) in Renderings())
        {
            foreach (var span in rendered.SourceMap!.Spans.Where(span => span.MessageIndex is not null))
            {
                spans++;
                var text = rendered.Text[span.Start..span.End];
                if (!StandsIn(text, oracleCase.GetProperty("messages")[span.MessageIndex!.Value], span.Field!))
                {
                    failures.Add($"{name} {id}: {JsonSerializer.Serialize(text)} is not in {span.Field} of message {span.MessageIndex} (line {span.TemplateLine})");
                }
            }
        }

        output.WriteLine($"{spans} spans from messages; {failures.Count} do not stand where they are said to");
        Assert.True(failures.Count == 0, string.Join("\n", failures.Take(10)));
        Assert.True(spans > 10_000);
    }

    [Fact]
    public void Content_that_only_one_message_can_have_written_is_attributed_to_it()
    {
        var found = 0;
        var failures = new List<string>();
        foreach (var (name, id, oracleCase, rendered) in Renderings())
        {
            var source = File.ReadAllText(Shared.Require(Path.Combine("corpus/templates", name)));
            foreach (var (index, content) in Telling(oracleCase))
            {
                var at = rendered.Text.IndexOf(content, StringComparison.Ordinal);
                if (at < 0 || source.Contains(content, StringComparison.Ordinal))
                {
                    continue;
                }

                found++;
                var origins = Enumerable.Range(at, content.Length).Select(rendered.SourceMap!.At).Distinct().ToList();
                if (origins.Exists(span => span!.MessageIndex != index || !span.Field!.StartsWith("content", StringComparison.Ordinal)))
                {
                    failures.Add($"{name} {id}: {JsonSerializer.Serialize(content)} of message {index} is attributed to {string.Join(", ", origins)}");
                }
            }
        }

        output.WriteLine($"{found} contents found in renderings; {failures.Count} attributed to something else");
        Assert.True(failures.Count == 0, string.Join("\n", failures.Take(10)));
        Assert.True(found > 5_000);
    }

    private static IEnumerable<(string Name, string Case, JsonElement OracleCase, RenderedChat Rendered)> Renderings()
    {
        var cases = Chat.Json(File.ReadAllText(Shared.Require("corpus/cases.json"))).EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!);
        foreach (var row in CorpusTests.Rows().Where(row => row.TryGetProperty("r", out _)))
        {
            var (name, id) = (row.GetProperty("t").GetString()!, row.GetProperty("c").GetString()!);
            var source = File.ReadAllText(Shared.Require(Path.Combine("corpus/templates", name)));
            yield return (name, id, cases[id], ChatTemplate.Parse(source).Render(Chat.Request(cases[id]), Mapped));
        }
    }

    /// <summary>
    /// Contents of some length that occur nowhere else in the request, white space around them aside; not those with thinking
    /// tags, which many templates cut out and write anew.
    /// </summary>
    private static IEnumerable<(int Index, string Content)> Telling(JsonElement oracleCase)
    {
        var all = Strings(oracleCase).ToList();
        var index = -1;
        foreach (var message in oracleCase.GetProperty("messages").EnumerateArray())
        {
            index++;
            if (message.TryGetProperty("content", out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: >= 4 } content
                && !content.Contains("</think>", StringComparison.Ordinal) && all.Count(text => text.Contains(content, StringComparison.Ordinal)) == 1)
            {
                yield return (index, content);
            }
        }
    }

    private static IEnumerable<string> Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Strings(member.Value).Append(member.Name)),
        _ => [],
    };

    private static bool StandsIn(string text, JsonElement message, string field)
    {
        if (field.Length == 0)
        {
            return IsPunctuation(text);
        }

        return Candidates(message, field).Any(value => value.ValueKind switch
        {
            JsonValueKind.String => Contains(value.GetString()!, text),
            JsonValueKind.Array or JsonValueKind.Object => IsPunctuation(text),
            JsonValueKind.True => text is "true" or "True",
            JsonValueKind.False => text is "false" or "False",
            JsonValueKind.Null => text is "null" or "None",
            _ => Contains(value.GetRawText(), text),
        }) || Contains(LastKey(field), text);
    }

    // A key may itself contain dots, so every way to read the path is tried.
    private static IEnumerable<JsonElement> Candidates(JsonElement value, string path)
    {
        if (path.Length == 0)
        {
            return [value];
        }

        if (path[0] == '[' && value.ValueKind == JsonValueKind.Array)
        {
            var close = path.IndexOf(']', StringComparison.Ordinal);
            return Candidates(value[int.Parse(path[1..close], System.Globalization.CultureInfo.InvariantCulture)], path[(close + 1)..].TrimStart('.'));
        }

        return value.ValueKind != JsonValueKind.Object ? [] : value.EnumerateObject()
            .Where(member => path.StartsWith(member.Name, StringComparison.Ordinal) && (path.Length == member.Name.Length || path[member.Name.Length] is '.' or '['))
            .SelectMany(member => Candidates(member.Value, path[member.Name.Length..].TrimStart('.')));
    }

    private static string LastKey(string field) => field[(field.LastIndexOf('.') + 1)..];

    /// <summary>The field's characters, in either case, as they are or escaped as JSON, repr or HTML escape them; or the quotes around them.</summary>
    private static bool Contains(string value, string text)
    {
        bool In(string haystack) => haystack.Contains(text, StringComparison.OrdinalIgnoreCase);
        if (text.Length > 2 && text[0] is '"' or '\'' && text[0] == text[^1])
        {
            // A piece of the field, quoted by itself.
            return Contains(value, text[1..^1]);
        }

        var json = JsonSerializer.Serialize(value, JsonOptions);
        return In(value) || In(json) || In(JsonSerializer.Serialize(value)) || In($"'{json[1..^1]}'")
            || In($"'{json[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal)}'") || In(System.Net.WebUtility.HtmlEncode(value));
    }

    private static readonly JsonSerializerOptions JsonOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static bool IsPunctuation(string text) => text.All(character => character is '{' or '}' or '[' or ']' or ',' or ':' or '"' or '\'' || char.IsWhiteSpace(character));
}
