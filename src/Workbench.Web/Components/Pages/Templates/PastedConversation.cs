using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>Turns what people have at hand into messages: a row of a known dataset shape, or lines of plain text.</summary>
/// <param name="Shape">What it was taken for.</param>
/// <param name="Messages">The messages as JSON.</param>
public sealed record PastedConversation(string Shape, string Messages)
{
    /// <summary>Longest text taken, in characters.</summary>
    public const int MaxLength = 1_000_000;

    // ShareGPT's speakers, as Vicuna, OpenHermes and Axolotl's prompt strategies spell them.
    private static readonly Dictionary<string, string> Speakers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["human"] = "user", ["user"] = "user", ["gpt"] = "assistant", ["assistant"] = "assistant", ["chatgpt"] = "assistant",
        ["bing"] = "assistant", ["bard"] = "assistant", ["model"] = "assistant", ["system"] = "system", ["tool"] = "tool", ["observation"] = "tool",
    };

    private static readonly (string Prefix, string Role)[] Speeches =
    [
        ("system:", "system"), ("user:", "user"), ("human:", "user"), ("question:", "user"), ("q:", "user"),
        ("assistant:", "assistant"), ("gpt:", "assistant"), ("answer:", "assistant"), ("a:", "assistant"),
    ];

    /// <summary>Reads a JSON row (messages, ShareGPT, Alpaca, prompt and completion), the first line of JSON lines, a raw pair divided by a tab, or speeches.</summary>
    /// <exception cref="UserInputException">It is none of these.</exception>
    public static PastedConversation Read(string text)
    {
        text = text.Trim();
        if (text.Length is 0 or > MaxLength)
        {
            throw new UserInputException(
                text.Length == 0 ? "There is nothing to convert." : $"The text has {text.Length:N0} characters.", $"Paste one conversation of up to {MaxLength:N0} characters.");
        }

        return text[0] is '{' or '[' ? FromJson(text) : FromText(text);
    }

    private static PastedConversation FromJson(string text)
    {
        try
        {
            return FromNode(Parse(text)) ?? throw new UserInputException(
                "This JSON is no conversation.", "Paste an object with messages, conversations, instruction and output, or prompt and completion.");
        }
        catch (JsonException exception)
        {
            throw new UserInputException(
                $"The text is {JsonErrors.Describe(exception)}.", "Correct it, or paste plain lines that begin with User: and Assistant:.", $"line {exception.LineNumber + 1}", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new UserInputException("The JSON holds something else than a conversation.", "Texts and roles must be strings, and names must not repeat.", null, exception);
        }
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, null, MessageCards.Reading);
        }
        catch (JsonException) when (text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end)
        {
            return JsonNode.Parse(text[..end], null, MessageCards.Reading); // JSON lines: the first row
        }
    }

    private static PastedConversation? FromNode(JsonNode? node) => node switch
    {
        JsonArray list => FromList(list, null),
        JsonObject row => FromRow(row),
        _ => null,
    };

    private static PastedConversation? FromList(JsonArray list, JsonNode? system) => list.Count == 0 ? null
        : AllHave(list, "role") ? new("messages", MessageEdits.Write(list))
        : AllHave(list, "from") ? ShareGpt(list, system)
        : list[0] is JsonObject first ? FromRow(first)
        : null;

    private static PastedConversation? FromRow(JsonObject row) =>
        (row["messages"] ?? row["conversations"]) is JsonArray turns ? FromList(turns, row["system"])
        : row.ContainsKey("instruction") && row.ContainsKey("output") ? Alpaca(row)
        : Pair(row, "prompt", "completion") ?? Pair(row, "prompt", "response") ?? Pair(row, "question", "answer") ?? Pair(row, "input", "output");

    private static bool AllHave(JsonArray list, string name) => list.All(item => item is JsonObject turn && turn.ContainsKey(name));

    private static PastedConversation ShareGpt(JsonArray turns, JsonNode? system)
    {
        var messages = new JsonArray();
        if (system is not null && Text(system).Length > 0)
        {
            messages.Add(Message("system", Text(system)));
        }

        foreach (var turn in turns.OfType<JsonObject>())
        {
            var speaker = Text(turn["from"]);
            messages.Add(Message(Speakers.GetValueOrDefault(speaker, speaker), Text(turn["value"])));
        }

        return new("ShareGPT", MessageEdits.Write(messages));
    }

    /// <summary>Alpaca's own prompt puts the input below the instruction (tatsu-lab/stanford_alpaca).</summary>
    private static PastedConversation Alpaca(JsonObject row)
    {
        var messages = new JsonArray();
        if (Text(row["system"]).Length > 0)
        {
            messages.Add(Message("system", Text(row["system"])));
        }

        if (row["history"] is JsonArray history)
        {
            foreach (var round in history.OfType<JsonArray>().Where(round => round.Count == 2))
            {
                messages.Add(Message("user", Text(round[0])));
                messages.Add(Message("assistant", Text(round[1])));
            }
        }

        var input = Text(row["input"]);
        messages.Add(Message("user", input.Length == 0 ? Text(row["instruction"]) : $"{Text(row["instruction"])}\n\n{input}"));
        messages.Add(Message("assistant", Text(row["output"])));
        return new("Alpaca", MessageEdits.Write(messages));
    }

    private static PastedConversation? Pair(JsonObject row, string prompt, string completion) =>
        !row.ContainsKey(prompt) || !row.ContainsKey(completion) ? null
        : row[prompt] is JsonArray before && row[completion] is JsonArray after ? FromList([.. before.Concat(after).Select(turn => turn?.DeepClone())], null)
        : PairOf(Text(row[prompt]), Text(row[completion]));

    private static PastedConversation PairOf(string prompt, string completion) =>
        new("pair", MessageEdits.Write(new JsonArray(Message("user", prompt), Message("assistant", completion))));

    private static PastedConversation FromText(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        if (lines.Length == 1 && text.Split('\t') is [var prompt, var completion])
        {
            return PairOf(prompt.Trim(), completion.Trim());
        }

        var turns = new List<(string Role, List<string> Lines)>();
        foreach (var line in lines)
        {
            if (Speeches.FirstOrDefault(speech => line.TrimStart().StartsWith(speech.Prefix, StringComparison.OrdinalIgnoreCase)) is { Prefix: { } prefix, Role: var role })
            {
                turns.Add((role, [line.TrimStart()[prefix.Length..].TrimStart()]));
            }
            else if (turns.Count > 0)
            {
                turns[^1].Lines.Add(line);
            }
            else
            {
                throw new UserInputException(
                    "The text names no speakers.", "Begin turns with User: and Assistant:, divide a question and its answer by a tab, or paste a JSON row.", "line 1");
            }
        }

        return new("speeches", MessageEdits.Write(new JsonArray([.. turns.Select(turn => Message(turn.Role, string.Join('\n', turn.Lines).Trim()))])));
    }

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static string Text(JsonNode? node) => node is null ? "" : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : MessageEdits.Write(node, indented: false);
}
