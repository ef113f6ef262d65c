using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Content that loses white space at its ends.</summary>
internal sealed class ContentTrimmed : ILintRule
{
    public string Name => "content-trimmed";

    public string Explanation => "The text differs from the data: code and poems lose their indentation, and a continued final message may not be found again.";

    public string Fix => "Do not apply trim or strip to content, or trim the data themselves.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        foreach (var (role, index) in new[] { ("system", 0), ("user", 1), ("assistant", 2) })
        {
            var padded = $"\n {Word(role)} \n";
            string[] messages = [Conversations.SystemMessage, Conversations.User, Conversations.Answer];
            messages[index] = Conversations.Message(role, padded);
            var (conversation, at) = role == "system" ? (Conversations.Of(messages), index) : (Conversations.Of(messages.AsSpan(1)), index - 1);
            var rendering = probe.Render(conversation);
            if (rendering.Ok && rendering.Wrote(at, "content") && !rendering.Written(at, "content").Contains(padded, StringComparison.Ordinal))
            {
                yield return this.Found(
                    role == "assistant" ? LintSeverity.Warning : LintSeverity.Info,
                    $"White space at the ends of {role} messages is lost.", rendering.First(at, "content"), role);
            }
        }
    }

    private static string Word(string role) => role switch
    {
        "system" => Conversations.SystemWord,
        "user" => Conversations.UserWord,
        _ => Conversations.AnswerWord,
    };
}
