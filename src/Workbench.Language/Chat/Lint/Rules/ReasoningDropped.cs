using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Reasoning that never reaches the text.</summary>
internal sealed class ReasoningDropped : ILintRule
{
    public string Name => "reasoning-dropped";

    public string Explanation => "Reasoning in the data is thrown away: a reasoning model trained so learns to answer without thinking.";

    public string Fix => "Write message.reasoning_content, or put the reasoning between <think> tags into the content. To train on earlier turns, too, render one sample a turn.";

    private static readonly string[] OtherNames = ["reasoning", "thinking"];

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var final = probe.Render(Conversations.Of(Conversations.User, Conversations.Thinking("reasoning_content")));
        if (!final.Ok)
        {
            yield break;
        }

        if (!final.Wrote(1, "reasoning_content"))
        {
            var name = Array.Find(OtherNames, field =>
                probe.Render(Conversations.Of(Conversations.User, Conversations.Thinking(field))) is { Ok: true } other && other.Wrote(1, field));
            yield return name is null
                ? this.Found(LintSeverity.Info, "The reasoning of an answer does not reach the text.", subject: "final")
                : this.Found(LintSeverity.Warning, $"The reasoning is read from \"{name}\", not from \"reasoning_content\".", subject: name);
            yield break;
        }

        var two = probe.Render(Conversations.Of(
            Conversations.User, Conversations.Thinking("reasoning_content"),
            Conversations.SecondUser, Conversations.Thinking("reasoning_content", Conversations.AnswerWord + "2", Conversations.ThoughtWord + "2")));
        if (two.Ok && !two.Wrote(1, "reasoning_content"))
        {
            yield return this.Found(
                LintSeverity.Info, "The reasoning of earlier answers does not reach the text.", two.First(3, "reasoning_content"), "earlier");
        }
    }
}
