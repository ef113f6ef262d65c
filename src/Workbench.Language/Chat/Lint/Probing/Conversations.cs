namespace Workbench.Language.Chat.Lint.Probing;

/// <summary>Messages to probe templates with. Every text is a word that no template writes by itself.</summary>
internal static class Conversations
{
    public const string SystemWord = "Zsystem";
    public const string UserWord = "Zquestion";
    public const string AnswerWord = "Zanswer";
    public const string ThoughtWord = "Zthought";
    public const string ToolWord = "Zfunction";
    public const string KeyWord = "Zkey";
    public const string ResultWord = "Zresult";

    public static readonly string SystemMessage = Message("system", SystemWord);
    public static readonly string User = Message("user", UserWord);
    public static readonly string Answer = Message("assistant", AnswerWord);
    public static readonly string SecondUser = Message("user", UserWord + "2");
    public static readonly string SecondAnswer = Message("assistant", AnswerWord + "2");
    public static readonly string Result = Body("tool", ResultWord, $",\"name\":\"{ToolWord}\",\"tool_call_id\":\"abc123XYZ\"");

    /// <summary>A call with arguments as an object, which most templates want.</summary>
    public static readonly string Call = Body("assistant", "", Calls($"{{\"{KeyWord}\":\"Zvalue\"}}"));

    /// <summary>A call with arguments as text, which OpenAI's API has.</summary>
    public static readonly string TextCall = Body("assistant", "", Calls($"\"{{\\\"{KeyWord}\\\": \\\"Zvalue\\\"}}\""));

    public const string Tools =
        "[{\"type\":\"function\",\"function\":{\"name\":\"Zfunction\",\"description\":\"Zdescription\",\"parameters\":"
        + "{\"type\":\"object\",\"properties\":{\"Zkey\":{\"type\":\"string\",\"description\":\"Zmeaning\"}},\"required\":[\"Zkey\"]}}}]";

    public static readonly string Question = Of(User);
    public static readonly string Turn = Of(User, Answer);
    public static readonly string TwoQuestions = Of(User, Answer, SecondUser);
    public static readonly string TwoTurns = Of(User, Answer, SecondUser, SecondAnswer);
    public static readonly string WithSystem = Of(SystemMessage, User, Answer);
    public static readonly string Called = Of(User, Call);
    public static readonly string CalledByText = Of(User, TextCall);
    public static readonly string ToolRound = Of(User, Call, Result, Answer);
    public static readonly string TextToolRound = Of(User, TextCall, Result, Answer);
    public static readonly string ToolQuestion = Of(User, Call, Result);
    public static readonly string TextToolQuestion = Of(User, TextCall, Result);
    public static readonly string Repeated = Of(User, SecondUser, Answer);
    public static readonly string ListContent = Of("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Zquestion\"}]}", Answer);

    public static string Of(params ReadOnlySpan<string> messages) => "[" + string.Join(',', messages!) + "]";

    public static string Message(string role, string content) => Body(role, content, "");

    /// <summary>An answer with what it thinks in a field of the given name.</summary>
    public static string Thinking(string field, string answer = AnswerWord, string thought = ThoughtWord) =>
        Body("assistant", answer, $",\"{field}\":\"{thought}\"");

    private static string Body(string role, string content, string rest) =>
        $"{{\"role\":\"{role}\",\"content\":{System.Text.Json.JsonSerializer.Serialize(content)}{rest}}}";

    private static string Calls(string arguments) =>
        $",\"tool_calls\":[{{\"id\":\"abc123XYZ\",\"type\":\"function\",\"function\":{{\"name\":\"{ToolWord}\",\"arguments\":{arguments}}}}}]";
}
