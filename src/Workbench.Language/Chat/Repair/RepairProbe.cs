using System.Text.Json;
using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Chat.Masks;
using static Workbench.Language.Chat.Lint.Probing.Conversations;

namespace Workbench.Language.Chat.Repair;

/// <summary>One of the conversations that a repaired template must render as before.</summary>
/// <param name="Name">What the conversation shows, in words.</param>
/// <param name="Messages">JSON of the messages.</param>
/// <param name="Tools">Whether tools are given.</param>
/// <param name="Kwargs">JSON of further arguments.</param>
/// <param name="IsMasked">Whether the masks are compared, and not only the renderings.</param>
internal sealed record RepairProbe(string Name, string Messages, bool Tools = false, string Kwargs = "{}", bool IsMasked = true)
{
    private const string Thinks = "\"reasoning_content\":\"Zthought\"";
    private const string Calls = "\"tool_calls\":[{\"id\":\"abc123XYZ\",\"type\":\"function\",\"function\":{\"name\":\"Zfunction\",\"arguments\":{\"Zkey\":\"Zvalue\"}}}]";

    private static readonly string Thought = Thinking("reasoning_content");

    /// <summary>How many of the first probes are plain answers.</summary>
    public const int Plain = 3;

    /// <summary>Plain answers first, then what a template may do otherwise.</summary>
    public static IReadOnlyList<RepairProbe> All { get; } =
    [
        new("a plain answer", Turn),
        new("two answers", TwoTurns),
        new("a system message", WithSystem),
        new("reasoning", Of(User, Thought)),
        new("reasoning in two answers", Of(User, Thought, SecondUser, Thinking("reasoning_content", AnswerWord + "2", ThoughtWord + "2"))),
        new("reasoning under another name", Of(User, Thinking("thinking"))),
        new("reasoning between tags", Of(User, Message("assistant", "<think>\nZthought\n</think>\n\nZanswer"), SecondUser, Message("assistant", "<think>\nZ2\n</think>\n\nZanswer2"))),
        new("a tool call", ToolRound),
        new("a tool call with tools", ToolRound, Tools: true),
        new("a tool call with its arguments as text", TextToolRound),
        new("a last tool call", Called),
        new("content and a tool call", Of(User, Assistant($"\"content\":\"Zanswer\",{Calls}"), Result, SecondAnswer)),
        new("reasoning and a tool call", Of(User, Assistant($"\"content\":\"\",{Thinks},{Calls}"), Result, SecondAnswer)),
        new("two tool calls", Of(User, Assistant($"\"content\":\"\",{Calls.Replace("}}]", "}},", StringComparison.Ordinal)}{Calls["\"tool_calls\":[".Length..]}"), Result, Result, Answer)),
        new("a call without content", Of(User, Assistant(Calls), Result, Answer)),
        new("a call with null content", Of(User, Assistant($"\"content\":null,{Calls}"), Result, Answer)),
        new("content in parts", ListContent),
        new("an answer in parts", Of(User, "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Zanswer\"},{\"type\":\"text\",\"text\":\"Zmore\"}]}")),
        new("white space around content", Of(Message("user", "\n Zquestion \n"), Message("assistant", "\n Zanswer \n"))),
        new("lines in content", Of(User, Message("assistant", "Zanswer\n\n  Zmore\n{{ '%}'"), SecondUser, SecondAnswer)),
        new("two questions in a row", Repeated),
        new("two answers in a row", Of(User, Answer, SecondAnswer)),
        new("an answer first", Of(Answer, User, SecondAnswer)),
        new("a late system message", Of(User, Answer, SystemMessage, SecondUser, SecondAnswer)),
        new("an empty answer", Of(User, Message("assistant", ""), SecondUser, Message("assistant", "")), IsMasked: false),
        new("another role", Of(User, Message("critic", "Zother"), Answer)),
        new("a developer message", Of(Message("developer", SystemWord), User, Answer)),
        new("the generation prompt", Question, Kwargs: """{"add_generation_prompt":true}""", IsMasked: false),
        new("the generation prompt after an answer", TwoQuestions, Kwargs: """{"add_generation_prompt":true}""", IsMasked: false),
        new("the generation prompt without thinking", TwoQuestions, Kwargs: """{"add_generation_prompt":true,"enable_thinking":false}""", IsMasked: false),
        new("a message to continue", Turn, Kwargs: """{"continue_final_message":true}""", IsMasked: false),
        new("no message", "[]"),
    ];

    private readonly int[] _answers = AnswersIn(Messages);

    /// <summary>
    /// Whether every answer left something in the text. What a template drops, tool calls for example, cannot be tagged, and
    /// what it writes around the gap belongs to no one.
    /// </summary>
    public bool IsComplete(ProbeRendering rendering) =>
        Array.TrueForAll(_answers, index => rendering.Wrote(index, "content") || rendering.Wrote(index, "tool_calls") || rendering.Wrote(index, "reasoning"));

    public ProbeRendering Render(TemplateProbe probe) => probe.Render(Messages, Kwargs, Tools);

    /// <summary>For each character of the rendering whether its origin says that it is to be trained; null where it does not render.</summary>
    public bool[]? Trained(TemplateProbe probe) => probe.Mask(Messages, Tools) is { } mask ? Characters(mask, mask.ProvenanceMasks) : null;

    /// <summary>The same by the template's generation tags.</summary>
    public bool[]? Tagged(TemplateProbe probe) =>
        probe.Mask(Messages, Tools) is { AssistantMasks: { } tagged } mask ? Characters(mask, tagged) : null;

    private static bool[] Characters(MaskedChat mask, int[] tokens)
    {
        var characters = new bool[mask.Rendered.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            var (start, end) = mask.Encoding.CharOffsets[i];
            characters.AsSpan(start, end - start).Fill(tokens[i] == 1);
        }

        return characters;
    }

    private static int[] AnswersIn(string messages)
    {
        using var document = JsonDocument.Parse(messages);
        var roles = document.RootElement.EnumerateArray().Select(message => message.GetProperty("role").GetString()).ToList();
        return [.. Enumerable.Range(0, roles.Count).Where(i => roles[i] == "assistant")];
    }

    private static string Assistant(string fields) => $"{{\"role\":\"assistant\",{fields}}}";
}
