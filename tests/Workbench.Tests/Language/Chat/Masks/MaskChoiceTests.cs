using System.Text.Json;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Templates;

namespace Workbench.Tests.Language.Chat.Masks;

/// <summary>What each option trains, over templates written for it; every expected stretch is worked out by hand.</summary>
public sealed class MaskChoiceTests
{
    /// <summary>Reasoning and tool calls as Qwen3 writes them, reasoning inside the content taken apart as there.</summary>
    private const string Reasoner = """
        {%- for m in messages %}
        {{- '<|im_start|>' + m.role + '\n' }}
        {%- if m.role == 'assistant' %}
        {%- set content = m.content or '' %}
        {%- set thought = m.reasoning_content or '' %}
        {%- if '</think>' in content %}
        {%- set thought = content.split('</think>')[0].split('<think>')[-1].strip('\n') %}
        {%- set content = content.split('</think>')[-1].lstrip('\n') %}
        {%- endif %}
        {{- '<think>\n' + thought + '\n</think>\n\n' + content }}
        {%- for call in m.tool_calls or [] %}
        {{- '<tool_call>\n' + call.function.arguments + '\n</tool_call>' }}
        {%- endfor %}
        {%- else %}
        {{- m.content }}
        {%- endif %}
        {{- '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """;

    private const string Plain =
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    private const string Thinking =
        """[{"role":"user","content":"q"},{"role":"assistant","reasoning_content":"hm","content":"A"},{"role":"user","content":"r"},{"role":"assistant","content":"<think>\nso\n</think>\n\nB"}]""";

    private const string Calling =
        """[{"role":"user","content":"q"},{"role":"assistant","content":"Look.","tool_calls":[{"function":{"arguments":"{}"}}]},{"role":"tool","content":"7"},{"role":"assistant","content":"Seven"}]""";

    [Fact]
    public void Reasoning_is_trained_whether_it_stands_in_its_own_field_or_between_tags() =>
        Assert.Equal(
            "<think>\nhm\n</think>\n\nA<|im_end|>|<think>\nso\n</think>\n\nB<|im_end|>",
            Trained(Reasoner, Thinking));

    [Fact]
    public void Reasoning_left_out_goes_with_its_tags() =>
        Assert.Equal("A<|im_end|>|B<|im_end|>", Trained(Reasoner, Thinking, new() { Reasoning = false }));

    [Fact]
    public void Reasoning_left_out_of_content_that_the_template_writes_as_it_is() =>
        Assert.Equal("A<|im_end|>|B<|im_end|>", Trained(
            Plain,
            """[{"role":"user","content":"q"},{"role":"assistant","content":"A"},{"role":"user","content":"r"},{"role":"assistant","content":"<think>\nso\n</think>\n\nB"}]""",
            new() { Reasoning = false }));

    [Fact]
    public void An_empty_block_of_reasoning_that_the_template_writes_goes_with_the_reasoning()
    {
        const string messages = """[{"role":"user","content":"q"},{"role":"assistant","content":"A"}]""";

        Assert.Equal("<think>\n\n</think>\n\nA<|im_end|>", Trained(Reasoner, messages));
        Assert.Equal("A<|im_end|>", Trained(Reasoner, messages, new() { Reasoning = false }));
    }

    [Fact]
    public void A_tag_that_an_answer_talks_about_is_no_reasoning() =>
        Assert.Equal("Write <think> first.<|im_end|>", Trained(
            Plain, """[{"role":"user","content":"q"},{"role":"assistant","content":"Write <think> first."}]""", new() { Reasoning = false }));

    [Fact]
    public void Tool_calls_left_out_still_leave_the_end_of_the_turn_that_is_trained()
    {
        Assert.Equal(
            "<think>\n\n</think>\n\nLook.<tool_call>\n{}\n</tool_call><|im_end|>|<think>\n\n</think>\n\nSeven<|im_end|>",
            Trained(Reasoner, Calling));
        Assert.Equal(
            "<think>\n\n</think>\n\nLook.|<|im_end|>|<think>\n\n</think>\n\nSeven<|im_end|>",
            Trained(Reasoner, Calling, new() { ToolCalls = false }));
    }

    [Fact]
    public void The_last_turn_only() =>
        Assert.Equal("<think>\nso\n</think>\n\nB<|im_end|>", Trained(Reasoner, Thinking, new() { Train = TrainOn.LastTurn }));

    [Theory]
    [InlineData("\"train\":false", "B<|im_end|>", 0)]
    [InlineData("\"weight\":0", "B<|im_end|>", 0)]
    [InlineData("\"weight\":1", "A<|im_end|>|B<|im_end|>", 0)]
    [InlineData("\"weight\":0.5", "A<|im_end|>|B<|im_end|>", 1)]
    public void A_message_says_itself_whether_it_is_trained(string flag, string trained, int findings)
    {
        var chat = Build(Plain, $$"""[{"role":"user","content":"q"},{"role":"assistant","content":"A",{{flag}}},{"role":"user","content":"r"},{"role":"assistant","content":"B"}]""");

        Assert.Equal(trained, MaskScene.Trained(chat));
        Assert.Equal(findings, chat.Findings.Count(f => f is { Kind: MaskFindingKind.FractionalWeight, MessageIndex: 1 }));
    }

    [Fact]
    public void Without_an_answer_nothing_is_trained_and_that_is_said()
    {
        var chat = Build(Plain, """[{"role":"system","content":"Be terse."},{"role":"user","content":"q"}]""");

        Assert.Equal(0, chat.TrainedTokens);
        Assert.Equal(MaskFindingKind.NothingTrained, Assert.Single(chat.Findings).Kind);
        Assert.All(chat.Reasons, r => Assert.StartsWith("Not trained:", r.Sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Content_in_parts_is_trained_part_by_part_thinking_parts_as_reasoning()
    {
        const string template = "{% for m in messages %}[{{ m.role }}] {% for p in m.content %}{{ p.thinking or p.text }}{% endfor %}</s>{% endfor %}";
        const string messages =
            """[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"A"},{"type":"text","text":"B"}]}]""";

        Assert.Equal("hmAB</s>", Trained(template, messages));
        Assert.Equal("AB</s>", Trained(template, messages, new() { Reasoning = false }));
    }

    [Fact]
    public void A_message_to_be_continued_is_trained_up_to_where_it_stops_and_its_missing_end_is_no_finding()
    {
        var chat = Build(
            Plain, """[{"role":"user","content":"q"},{"role":"assistant","content":"Once upon"}]""", kwargs: """{"continue_final_message":true}""");

        Assert.Equal("Once upon", MaskScene.Trained(chat));
        Assert.EndsWith("Once upon", chat.Rendered, StringComparison.Ordinal);
        Assert.Empty(chat.Findings);
    }

    [Fact]
    public void Tags_and_origin_stand_side_by_side_and_each_way_in_which_they_differ_is_a_finding()
    {
        // Opened before the header, closed before the end: both mistakes of published templates at once.
        const string template =
            "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}<|im_start|>assistant\n{{ m.content }}{% endgeneration %}<|im_end|>\n{% else %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endif %}{% endfor %}";

        var chat = Build(template, """[{"role":"user","content":"q"},{"role":"assistant","content":"Ab","train":false}]""", new() { Train = TrainOn.GenerationTags });

        // <|im_start|> assistant \n is 1 + 9 + 1 tokens of the byte tokenizer, and comes behind 1 + 4 + 1 + 1 + 1 + 1 of the question.
        Assert.DoesNotContain(chat.Findings, f => f.Message.Contains("leave out what the assistant says", StringComparison.Ordinal));
        var end = Assert.Single(chat.Findings, f => f.Message.Contains("leave out the end of the turn", StringComparison.Ordinal));
        Assert.Equal([(22, 23)], end.Tokens);
        var header = Assert.Single(chat.Findings, f => f.Message.Contains("enclose text", StringComparison.Ordinal));
        Assert.Equal([(9, 20)], header.Tokens);
        Assert.Equal("<|im_start|>assistant\nAb", MaskScene.Trained(chat));
        Assert.Equal(0, chat.ProvenanceMasks.Sum());
    }

    private static string Trained(string template, string messages, MaskOptions? options = null) => MaskScene.Trained(Build(template, messages, options));

    private static MaskedChat Build(string template, string messages, MaskOptions? options = null, string? kwargs = null) => MaskBuilder.Build(
        ChatTemplate.Parse(template),
        new MaskScene("</s>", "<|im_start|>", "<|im_end|>").Tokenizer,
        new ChatRequest
        {
            Messages = JsonDocument.Parse(messages).RootElement,
            Kwargs = kwargs is null ? null : JsonDocument.Parse(kwargs).RootElement,
        },
        options);
}
