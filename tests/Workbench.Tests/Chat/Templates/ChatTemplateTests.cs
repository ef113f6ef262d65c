using Workbench.Language.Chat.Templates;
using JinjaChat = Workbench.Tests.Jinja.Chat;

namespace Workbench.Tests.Chat.Templates;

/// <summary>What apply_chat_template does around the template. Messages are those of transformers, by way of the oracle.</summary>
public class ChatTemplateTests
{
    private const string Plain =
        "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";

    private const string Two = """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello  "}]""";

    [Fact]
    public void The_same_text_is_parsed_once() => Assert.Same(ChatTemplate.Parse(Plain), ChatTemplate.Parse(new string(Plain)));

    [Fact]
    public void The_generation_prompt_is_an_argument() => Assert.EndsWith(
        "assistant:", JinjaChat.RenderMessages(Plain, Two, kwargs: """{"add_generation_prompt":true}""").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData(Plain, "user: Hi\nassistant: Hello  ")]
    [InlineData("{% for m in messages %}{{ m.content|trim }};{% endfor %}", "Hi;Hello")]
    public void Continuing_the_final_message_ends_the_text_with_it(string template, string expected) =>
        Assert.Equal(expected, JinjaChat.RenderMessages(template, Two, kwargs: """{"continue_final_message":true}""").Text);

    [Theory]
    [InlineData(
        "{% for m in messages %}t: {{ m.thinking }} end{% endfor %}",
        """[{"role":"assistant","thinking":"why","content":"x"}]""",
        """{"continue_final_message":"thinking"}""",
        "t: why")]
    [InlineData(
        "{% for p in messages[0].content %}{{ p.text }}|{% endfor %}",
        """[{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""",
        """{"continue_final_message":true}""",
        "a|b")]
    public void The_field_to_continue_can_be_named_and_may_be_a_list_of_parts(string template, string messages, string kwargs, string expected) =>
        Assert.Equal(expected, JinjaChat.RenderMessages(template, messages, kwargs: kwargs).Text);

    [Theory]
    [InlineData(
        """{"continue_final_message":true,"add_generation_prompt":true}""",
        "continue_final_message and add_generation_prompt are not compatible.")]
    [InlineData(
        """{"continue_final_message":true,"return_assistant_tokens_mask":true}""",
        "continue_final_message is not compatible with return_assistant_tokens_mask.")]
    [InlineData(
        """{"continue_final_message":"thinking"}""",
        "continue_final_message is set but the final message has no \"thinking\" to continue!")]
    public void Arguments_that_contradict_each_other_are_refused(string kwargs, string message)
    {
        var error = Assert.Throws<TemplateException>(() => JinjaChat.RenderMessages(Plain, Two, kwargs: kwargs));
        Assert.Equal(("ValueError", null), (error.Type, error.Line));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_drops_the_final_message_cannot_continue_it()
    {
        var error = Assert.Throws<TemplateException>(
            () => JinjaChat.RenderMessages("{{ messages[0].content }}", Two, kwargs: """{"continue_final_message":true}"""));
        Assert.Equal("ValueError", error.Type);
        Assert.EndsWith("Final message to continue: Hello\nRendered chat:\nHi", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["f"]""", null, "ValueError", "Tools should either be a JSON schema, or a callable function with type hints and a docstring suitable for auto-conversion to a schema.")]
    [InlineData("7", null, "TypeError", "'int' object is not iterable")]
    [InlineData(null, """["d"]""", "TypeError", "Documents should be a list of dicts with 'title' and 'text' keys!")]
    public void Tools_and_documents_must_be_objects(string? tools, string? documents, string type, string message)
    {
        var request = new ChatRequest
        {
            Messages = JinjaChat.Json(Two),
            Tools = tools is null ? null : JinjaChat.Json(tools),
            Documents = documents is null ? null : JinjaChat.Json(documents),
        };
        var error = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(Plain).Render(request));
        Assert.Equal((type, message, null), (error.Type, error.Message, error.Line));
    }

    [Fact]
    public void Generation_spans_count_code_points_from_what_the_root_has_written()
    {
        var rendered = JinjaChat.RenderMessages(
            "😀{% for m in messages %}[{% generation %}{{ m.content }}{% endgeneration %}]{% endfor %}"
            + "{% set c %}{% generation %}x{% endgeneration %}{% endset %}{{ c }}",
            Two,
            kwargs: """{"return_assistant_tokens_mask":true}""");
        Assert.Equal("😀[Hi][Hello  ]x", rendered.Text);
        Assert.Equal([(2, 4), (6, 13), (14, 15)], rendered.GenerationSpans!);
        Assert.Empty(rendered.Warnings);
    }

    [Fact]
    public void A_mask_without_generation_tags_is_warned_of()
    {
        var rendered = JinjaChat.RenderMessages(Plain, Two, kwargs: """{"return_assistant_tokens_mask":true}""");
        Assert.Empty(rendered.GenerationSpans!);
        Assert.Contains("does not contain `{% generation %}` keyword", Assert.Single(rendered.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Kwargs_win_over_special_tokens_and_variables_over_globals()
    {
        var request = new ChatRequest
        {
            Messages = JinjaChat.Json("[]"),
            SpecialTokens = new Dictionary<string, string?> { ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["pad_token"] = null },
            Kwargs = JinjaChat.Json("""{"bos_token":"<b>","range":"mine"}"""),
        };
        Assert.Equal("<b></s>Nonemine", ChatTemplate.Parse("{{ bos_token }}{{ eos_token }}{{ pad_token }}{{ range }}").Render(request).Text);
    }

    [Fact]
    public void A_copy_of_a_request_renders_its_own_messages()
    {
        var request = new ChatRequest { Messages = JinjaChat.Json(Two) };
        var template = ChatTemplate.Parse(Plain);
        Assert.StartsWith("user: Hi", template.Render(request).Text, StringComparison.Ordinal);
        var copy = request with { Messages = JinjaChat.Json("""[{"role":"user","content":"Other"}]""") };
        Assert.Equal("user: Other\n", template.Render(copy).Text);
        Assert.StartsWith("user: Hi", template.Render(request).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"v":123456789012345678901234567890}""", "123456789012345678901234567890")]
    [InlineData("""{"v":1.0}""", "1.0")]
    [InlineData("""{"v":1e2}""", "100.0")]
    [InlineData("""{"v":-0}""", "0")]
    [InlineData("""{"v":{"a":1,"b":2,"a":3}}""", "{'a': 3, 'b': 2}")]
    [InlineData("""{"v":"\ud83d\ude00\u00e9\n\/"}""", "😀é\n/")]
    [InlineData("""{"v":["\ud83d"]}""", "['\\ud83d']")]
    [InlineData("""{"v":[true,false,null]}""", "[True, False, None]")]
    public void Json_is_read_as_Python_reads_it(string variables, string expected) =>
        Assert.Equal(expected, JinjaChat.Render("{{ v }}", variables));

    [Fact]
    public void The_clock_is_the_requests() => Assert.Equal(
        "15 Jun 2025, 15/6 12:34 PM Sunday 166", JinjaChat.Render("{{ strftime_now('%d %b %Y, %-d/%-m %I:%M %p %A %j') }}"));

    [Fact]
    public void Many_threads_render_one_template_at_once()
    {
        var template = ChatTemplate.Parse(Plain);
        Parallel.For(0, 2000, index =>
        {
            var request = new ChatRequest { Messages = JinjaChat.Json($$"""[{"role":"user","content":"{{index}}"}]""") };
            Assert.Equal($"user: {index}\n", template.Render(request).Text);
        });
    }
}
