using System.Text.Json.Nodes;
using Workbench.Web.Components.Pages.Chat;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Tests.Components.Chat;

public sealed class ChatThreadTests
{
    private static ChatNode Answered(ChatThread thread, params string[] texts)
    {
        var answers = thread.Answer(texts.Length);
        foreach (var (node, text) in answers.Zip(texts))
        {
            Say(node, text);
        }

        return answers[0];
    }

    private static void Say(ChatNode node, string text, bool endsTurn = false) =>
        node.Answer!.Take(new ChatText(0, 0, endsTurn ? "" : text, new ChatToken(text.Length, text, -0.5, 1, [], endsTurn)));

    private static string[] Shown(ChatThread thread) => [.. thread.Path.Select(node => node.Answer?.Text ?? node.Text)];

    [Fact]
    public void A_conversation_grows_by_questions_and_answers()
    {
        var thread = new ChatThread();
        thread.Ask("Hi");
        Answered(thread, "Hello");
        thread.Ask("More");
        var last = thread.Answer(1)[0];
        Assert.Equal(["Hi", "Hello", "More", ""], Shown(thread));
        Assert.Equal(
            """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},{"role":"user","content":"More"}]""",
            ChatThread.MessagesBefore(last, "Be brief."));
    }

    [Fact]
    public void Another_answer_is_a_variant_and_what_followed_stays_with_the_old_one()
    {
        var thread = new ChatThread();
        thread.Ask("Hi");
        var first = Answered(thread, "one");
        thread.Ask("after one");
        Say(ChatThread.Again(first, 1)[0], "two");
        Assert.Equal(["Hi", "two"], Shown(thread));
        Assert.Equal((2, 2), (thread.Path[1].Variant, thread.Path[1].Variants));
        thread.Path[1].Choose(1);
        Assert.Equal(["Hi", "one", "after one"], Shown(thread));
        thread.Path[1].Choose(9);
        Assert.Equal(["Hi", "two"], Shown(thread)); // past the last is the last
    }

    [Fact]
    public void Several_answers_asked_for_at_once_show_the_first()
    {
        var thread = new ChatThread();
        thread.Ask("Hi");
        Answered(thread, "a", "b", "c");
        Assert.Equal(["Hi", "a"], Shown(thread));
        Assert.Equal((1, 3), (thread.Path[1].Variant, thread.Path[1].Variants));
    }

    [Fact]
    public void A_changed_question_starts_a_branch_and_a_changed_answer_stands_as_a_persons_words()
    {
        var thread = new ChatThread();
        var question = thread.Ask("Hi");
        Answered(thread, "one");
        ChatThread.Edit(question, "Hello?");
        Assert.Equal(["Hello?"], Shown(thread));
        var answer = Answered(thread, "two");
        var changed = ChatThread.Edit(answer, "twenty");
        Assert.Equal(["Hello?", "twenty"], Shown(thread));
        Assert.Equal(new AnswerStart("twenty"), changed.Answer!.Start);
    }

    [Fact]
    public void An_answer_is_gone_on_with_from_its_own_tokens_without_the_one_that_ended_it()
    {
        var thread = new ChatThread();
        thread.Ask("Hi");
        var answer = Answered(thread, "four");
        Say(answer, "</s>", endsTurn: true);
        Assert.Equal(("four", 1), (answer.Answer!.Start.Text, answer.Answer.Start.Ids!.Count));
        answer.Answer.Begin();
        Say(answer, "teen!!");
        Assert.Equal("fourteen!!", answer.Answer.Text);
        Assert.Equal([4, 6], answer.Answer.Start.Ids!);
    }

    [Fact]
    public void A_branch_in_a_pane_of_its_own_leaves_the_first_as_it_is()
    {
        var thread = new ChatThread();
        thread.Ask("Hi");
        var answer = Answered(thread, "one");
        thread.Ask("after");
        var copy = ChatThread.CopyTo(answer);
        copy.Ask("elsewhere");
        Say(copy.Path[1], " more");
        Assert.Equal(["Hi", "one", "after"], Shown(thread));
        Assert.Equal(["Hi", "one more", "elsewhere"], Shown(copy));
    }

    [Fact]
    public void Called_functions_and_their_results_go_to_the_template_as_transformers_has_them()
    {
        var thread = new ChatThread();
        thread.Ask("Weather?");
        var answer = Answered(thread, """Let me see.<tool_call>{"name":"weather","arguments":{"city":"Oslo"}}</tool_call>""");
        thread.AnswerCall(Assert.Single(answer.Answer!.Tools.Calls), "4 °C");
        var messages = JsonNode.Parse(ChatThread.MessagesBefore(thread.Answer(1)[0], ""))!.AsArray();
        Assert.Equal("""{"role":"assistant","content":"Let me see.","tool_calls":[{"id":"call00001","type":"function","function":{"name":"weather","arguments":{"city":"Oslo"}}}]}""", messages[1]!.ToJsonString());
        Assert.Equal(("tool", "weather", "call00001", "4 °C"), ((string)messages[2]!["role"]!, (string)messages[2]!["name"]!, (string)messages[2]!["tool_call_id"]!, (string)messages[2]!["content"]!));
    }
}
