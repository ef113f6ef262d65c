using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Data.Formats.Shapes;

/// <summary>
/// glaive-function-calling-v2: <c>system</c> ends with the functions as JSON, <c>chat</c> is one text of USER, ASSISTANT and FUNCTION RESPONSE,
/// calls are <c>&lt;functioncall&gt; {"name": …, "arguments": '{…}'}</c> with the arguments in single quotes.
/// </summary>
internal static partial class Glaive
{
    private const string CallTag = "<functioncall>";

    public static bool Matches(JsonElement row) =>
        SourceShapes.Text(row, "chat") && SourceShapes.Text(row, "system") && Speaker().IsMatch(row.GetProperty("chat").GetString()!);

    public static JsonObject Convert(JsonElement row)
    {
        var (system, tools) = System(RowFields.RequiredText(row, "system"));
        var messages = new JsonArray();
        if (system.Length > 0)
        {
            messages.Add((JsonNode)RowFields.Message("system", system));
        }

        var chat = RowFields.RequiredText(row, "chat");
        var turns = Speaker().Matches(chat);
        for (var i = 0; i < turns.Count; i++)
        {
            var start = turns[i].Index + turns[i].Length;
            var end = i + 1 < turns.Count ? turns[i + 1].Index : chat.Length;
            var text = chat[start..end].Replace("<|endoftext|>", "", StringComparison.Ordinal).Trim();
            messages.Add((JsonNode)Message(turns[i].Groups[1].Value, text, i));
        }

        var result = new JsonObject { ["messages"] = messages };
        if (tools is not null)
        {
            result["tools"] = tools;
        }

        return RowFields.Carry(row, result, "system", "chat");
    }

    private static JsonObject Message(string speaker, string text, int index)
    {
        switch (speaker)
        {
            case "USER":
                return RowFields.Message("user", text);
            case "FUNCTION RESPONSE":
                return RowFields.Message("tool", text);
        }

        var tag = text.IndexOf(CallTag, StringComparison.Ordinal);
        return tag < 0
            ? RowFields.Message("assistant", text)
            : ToolDefinitions.CallingMessage(text[..tag].Trim(), Call(text[(tag + CallTag.Length)..], $"chat, turn {index}"), $"chat, turn {index}");
    }

    private static JsonElement Call(string text, string place)
    {
        var quoted = QuotedArguments().Match(text);
        return ToolDefinitions.Parse(
            quoted.Success ? $"{text[..quoted.Index]}\"arguments\": {Unquoted(quoted.Groups[1].Value)}{text[(quoted.Index + quoted.Length)..]}" : text, place);
    }

    /// <summary>Within its quotes, an apostrophe is written as \'.</summary>
    private static string Unquoted(string arguments) => arguments.Replace("\\'", "'", StringComparison.Ordinal);

    private static (string Text, JsonArray? Tools) System(string system)
    {
        var text = system.StartsWith("SYSTEM:", StringComparison.Ordinal) ? system["SYSTEM:".Length..].Trim() : system.Trim();
        var intro = ToolIntro().Match(text);
        if (!intro.Success)
        {
            return (text, null);
        }

        // Several functions stand one after another without commas between.
        var list = "[" + ObjectEnds().Replace(text[(intro.Index + intro.Length)..].Trim(), "},{") + "]";
        return ("", ToolDefinitions.Normalize(ToolDefinitions.Parse(list, "system"), "system"));
    }

    [GeneratedRegex(@"(?:^|\n)\s*(USER|ASSISTANT|FUNCTION RESPONSE):", RegexOptions.CultureInvariant)]
    private static partial Regex Speaker();

    [GeneratedRegex(@"""arguments"":\s*'(.*)'(?=\s*\}\s*$)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex QuotedArguments();

    [GeneratedRegex(@"^.{0,200}?(?:following functions|function call(?:s|ing)?)[^{]{0,200}-\s*(?=\{)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex ToolIntro();

    [GeneratedRegex(@"\}\s*\n\s*\{", RegexOptions.CultureInvariant)]
    private static partial Regex ObjectEnds();
}
