using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Web.Components.Pages.Templates;

namespace Workbench.Web.Tests.Components.Templates;

public sealed class MessageEditsTests
{
    private const string Two = """[{"role":"user","content":"Hi","weight":0},{"role":"assistant","content":"Hello"}]""";

    [Theory]
    [InlineData("""{"type":"image"}""", """{"type":"image","url":"a.png"}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"b.png","detail":"low"}}""", """{"type":"image_url","image_url":{"url":"a.png","detail":"low"}}""")]
    public void The_address_of_a_picture_is_written_where_its_form_keeps_it(string part, string expected)
    {
        var json = MessageEdits.SetPartUrl($$"""[{"role":"user","content":[{{part}}]}]""", 0, 0, "a.png");
        var written = JsonNode.Parse(json)![0]!["content"]![0];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), written), written!.ToJsonString());
        Assert.Equal("a.png", MessageCards.Read(json, out _)![0].Parts![0].Url);
    }

    [Fact]
    public void An_edit_keeps_fields_that_no_card_knows() =>
        Is("""[{"role":"user","content":"你好","weight":0},{"role":"assistant","content":"Hello"}]""", MessageEdits.SetText(Two, 0, "你好"));

    [Fact]
    public void Text_stays_readable_in_the_json_view() => Assert.Contains("你好 <b>", MessageEdits.SetText(Two, 0, "你好 <b>"), StringComparison.Ordinal);

    [Fact]
    public void A_second_part_makes_a_list_and_the_last_text_part_a_text_again()
    {
        var list = MessageEdits.AddPart(Two, 0, "image");
        Is("""[{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image"}],"weight":0},{"role":"assistant","content":"Hello"}]""", list);
        Is(Two, MessageEdits.RemovePart(list, 0, 1));
    }

    [Fact]
    public void A_message_moves_by_one_and_not_past_the_ends()
    {
        var swapped = MessageEdits.Move(Two, 0, 1);
        Is("""[{"role":"assistant","content":"Hello"},{"role":"user","content":"Hi","weight":0}]""", swapped);
        Is(swapped, MessageEdits.Move(swapped, 1, 1));
        Is(swapped, MessageEdits.Move(swapped, 0, -1));
    }

    [Fact]
    public void A_tool_call_is_added_filled_and_removed_without_a_trace()
    {
        var called = MessageEdits.SetToolArguments(MessageEdits.SetToolName(MessageEdits.AddToolCall(Two, 1), 1, 0, "f"), 1, 0, """{"x":1}""");
        Is("""[{"role":"user","content":"Hi","weight":0},{"role":"assistant","content":"Hello","tool_calls":[{"type":"function","function":{"name":"f","arguments":{"x":1}}}]}]""", called);
        var card = MessageCards.Read(called, out _)![1];
        Assert.Equal([new ToolCallCard("f", """{"x":1}""")], card.ToolCalls);
        Is(Two, MessageEdits.RemoveToolCall(called, 1, 0));
        Assert.ThrowsAny<JsonException>(() => MessageEdits.SetToolArguments(called, 1, 0, "{"));
    }

    [Fact]
    public void Reasoning_keeps_the_name_that_the_message_gives_it_and_goes_when_emptied()
    {
        Is("""[{"role":"assistant","content":"","thinking":"b"}]""", MessageEdits.SetReasoning("""[{"role":"assistant","content":"","thinking":"a"}]""", 0, "b"));
        var reasoned = MessageEdits.SetReasoning(Two, 1, "hm");
        Assert.Equal("hm", MessageCards.Read(reasoned, out _)![1].Reasoning);
        Is(Two, MessageEdits.SetReasoning(reasoned, 1, ""));
    }

    [Theory]
    [InlineData("[{]", "not valid JSON")]
    [InlineData("{}", "not a JSON list")]
    [InlineData("[1]", "not a JSON list")]
    [InlineData("[{\"role\":\"a\",\"role\":\"b\"}]", "twice")]
    public void What_cannot_be_cards_says_why(string json, string reason)
    {
        Assert.Null(MessageCards.Read(json, out var why));
        Assert.Contains(reason, why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_of_odd_types_is_shown_not_refused() =>
        Assert.Equal("""{"a":1}""", MessageCards.Read("""[{"role":5,"content":{"a":1},"tool_calls":[3,null]}]""", out _)![0].Text);

    private static void Is(string expected, string actual) => Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(actual)!.ToJsonString());
}
