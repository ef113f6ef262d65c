using System.Globalization;
using System.Text;
using System.Text.Json;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>The page's rendering as a program that others can run.</summary>
public static class TemplateSnippets
{
    /// <summary>Python with transformers.</summary>
    /// <param name="state">The page's state.</param>
    /// <param name="model">Folder or name of the model that the tokenizer comes from; a placeholder where there is none.</param>
    /// <exception cref="JsonException">One of the inputs is not JSON.</exception>
    public static string Python(WorkspaceState state, string? model)
    {
        var code = new StringBuilder("from transformers import AutoTokenizer\n\n");
        code.Append(CultureInfo.InvariantCulture, $"tokenizer = AutoTokenizer.from_pretrained({Text(model ?? "MODEL")})\n");
        code.Append("chat_template = ").Append(Lines(state.Template)).Append("\nmessages = ");
        Write(code, state.Messages);
        var arguments = new List<string> { "messages", "chat_template=chat_template", "tokenize=False" };
        foreach (var (name, json) in ((string, string)[])[("tools", state.Tools), ("documents", state.Documents)])
        {
            if (!string.IsNullOrWhiteSpace(json))
            {
                code.Append(CultureInfo.InvariantCulture, $"\n{name} = ");
                Write(code, json);
                arguments.Add($"{name}={name}");
            }
        }

        var named = string.IsNullOrWhiteSpace(state.Kwargs) ? default : Read(state.Kwargs);
        if (named.ValueKind == JsonValueKind.Object && named.EnumerateObject().Any())
        {
            code.Append("\nvariables = ");
            Write(code, state.Kwargs);
        }

        if (named.ValueKind != JsonValueKind.Object || !(named.TryGetProperty("add_generation_prompt", out _) || named.TryGetProperty("continue_final_message", out _)))
        {
            arguments.Add($"add_generation_prompt={(state.AddGenerationPrompt ? "True" : "False")}");
        }

        if (named.ValueKind == JsonValueKind.Object && named.EnumerateObject().Any())
        {
            arguments.Add("**variables");
        }

        return code.Append(CultureInfo.InvariantCulture, $"\nprint(tokenizer.apply_chat_template({string.Join(", ", arguments)}))\n").ToString();
    }

    /// <summary>A request to this workbench's own API; the answer has the text, the tokens, and why each is trained.</summary>
    /// <param name="state">The page's state.</param>
    /// <param name="address">Where the workbench runs.</param>
    public static string Curl(WorkspaceState state, Uri address)
    {
        var json = JsonSerializer.Serialize(state.ToRequest(), JsonSerializerOptions.Web); // one line: it cannot hold the end mark as a line of its own
        return $"curl -s {new Uri(address, "/api/preview")} -H 'Content-Type: application/json' --data-binary @- <<'END'\n{json}\nEND\n";
    }

    private static JsonElement Read(string json)
    {
        using var document = JsonDocument.Parse(json, MessageCards.Reading);
        return document.RootElement.Clone();
    }

    private static void Write(StringBuilder code, string json) => Write(code, Read(json), 0);

    private static void Write(StringBuilder code, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                WriteAll(code, '[', ']', value.EnumerateArray().Select(item => ("", item)), depth);
                break;
            case JsonValueKind.Object when value.EnumerateObject().Any():
                WriteAll(code, '{', '}', value.EnumerateObject().Select(item => ($"{Text(item.Name)}: ", item.Value)), depth);
                break;
            default:
                code.Append(value.ValueKind switch
                {
                    JsonValueKind.True => "True",
                    JsonValueKind.False => "False",
                    JsonValueKind.Null => "None",
                    JsonValueKind.String => Text(value.GetString()!),
                    _ => value.GetRawText(),
                });
                break;
        }
    }

    private static void WriteAll(StringBuilder code, char open, char close, IEnumerable<(string Key, JsonElement Value)> items, int depth)
    {
        code.Append(open).Append('\n');
        foreach (var (key, value) in items)
        {
            code.Append(' ', 4 * (depth + 1)).Append(key);
            Write(code, value, depth + 1);
            code.Append(",\n");
        }

        code.Append(' ', 4 * depth).Append(close);
    }

    /// <summary>A literal a line, put together by Python's rule for neighbouring literals.</summary>
    private static string Lines(string text)
    {
        var lines = text.Split('\n');
        var whole = lines.Select((line, index) => index < lines.Length - 1 ? line + "\n" : line);
        return $"(\n{string.Concat(whole.Select(line => $"    {Text(line)}\n"))})";
    }

    private static string Text(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => literal.Append("\\\""),
                '\\' => literal.Append("\\\\"),
                '\n' => literal.Append("\\n"),
                '\r' => literal.Append("\\r"),
                '\t' => literal.Append("\\t"),
                _ when char.IsControl(character) || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator =>
                    literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => literal.Append(character),
            };
        }

        return literal.Append('"').ToString();
    }
}
