using System.Text.Json;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Generation;
using Workbench.Web.Api.OpenAi;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Api.OpenAi;

public sealed class ToolAnswerTests
{
    private const string Tools = """[{"type":"function","function":{"name":"weather"}}]""";

    private static OpenAiRequest Ask(string more = "") =>
        OpenAiRequest.ReadChat(JsonDocument.Parse($$"""{"model":"m","messages":[{"role":"user","content":"Hi"}],"tools":{{Tools}}{{more}}}""").RootElement);

    private static (CompletionChoice Whole, List<CompletionChoice> Pieces) Answer(params string[] texts)
    {
        var tokenizer = PretrainedTokenizer.Load(Shared.Require(BrokenModels.Good)).Tokenizer;
        var answer = new AnswerBody(Ask(), tokenizer, 0, chat: true);
        var pieces = texts.SelectMany(text => answer.Take(new GeneratedToken(5, text, -1, null)))
            .Concat(answer.Take(new GeneratedToken(2, "", -1, FinishReasons.Stop) { EndsTurn = true })).ToList();
        return (answer.Whole(), pieces);
    }

    private static string Said(List<CompletionChoice> pieces) => string.Concat(pieces.Select(piece => piece.Delta?.Content));

    [Fact]
    public void A_call_is_told_as_a_call_and_no_part_of_it_as_text()
    {
        var (whole, pieces) = Answer("Let me", " see. <to", "ol_call>{\"name\":\"weather\",", "\"arguments\":{\"city\":\"Oslo\"}}</tool_call>");
        var call = Assert.Single(whole.Message!.ToolCalls!);
        Assert.Equal(("tool_calls", "Let me see.", "weather", """{"city":"Oslo"}"""), (whole.FinishReason, whole.Message.Content, call.Function.Name, call.Function.Arguments));
        Assert.Equal("Let me see. ", Said(pieces));
        Assert.Equal(0, Assert.Single(pieces.SelectMany(piece => piece.Delta!.ToolCalls ?? [])).Index);
        Assert.Equal("tool_calls", pieces[^1].FinishReason);
    }

    [Fact]
    public void Text_that_only_begins_like_a_call_arrives_whole()
    {
        var (whole, pieces) = Answer("{1, 2}", " is a set, and a <to", "y> is not a call");
        Assert.Equal(("stop", "{1, 2} is a set, and a <toy> is not a call"), (whole.FinishReason, whole.Message!.Content));
        Assert.Equal(whole.Message.Content, Said(pieces));
    }

    [Fact]
    public void Nothing_is_held_back_without_tools_or_where_they_are_not_to_be_used()
    {
        Assert.True(Ask().HasTools);
        Assert.False(Ask(""","tool_choice":"none" """).HasTools);
    }

    [Theory]
    [InlineData("[3]", "messages[0]")]
    [InlineData("[{\"role\":\"user\",\"content\":\"a\"},{\"content\":\"b\"}]", "messages[1]")]
    [InlineData("[{\"role\":\"user\",\"content\":{}}]", "messages[0].content")]
    [InlineData("[{\"role\":\"user\",\"content\":\"a\",\"name\":1,\"name\":2}]", "messages[0]")]
    public void Messages_that_are_none_are_refused_with_their_place(string messages, string place) =>
        Assert.Equal(place, Assert.Throws<UserInputException>(() => OpenAiMessages.ForTemplate(JsonDocument.Parse(messages).RootElement)).Place);

    [Fact]
    public void Arguments_of_earlier_calls_reach_the_template_as_objects_and_parts_of_text_as_one()
    {
        var messages = JsonDocument.Parse("""
            [{"role":"developer","content":[{"type":"text","text":"Be "},{"type":"text","text":"brief."}]},
             {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
             {"role":"tool","tool_call_id":"a","content":"4"}]
            """).RootElement;
        var read = OpenAiMessages.ForTemplate(messages);
        Assert.Equal("""{"role":"system","content":"Be brief."}""", read[0]!.ToJsonString());
        Assert.Equal("""{"x":1}""", read[1]!["tool_calls"]![0]!["function"]!["arguments"]!.ToJsonString());
        Assert.Equal("", (string?)read[1]!["content"]);
    }
}
