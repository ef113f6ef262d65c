using Workbench.Language.Chat.Templates;

namespace Workbench.Tests.Jinja;

/// <summary>Every character knows the place in the template that wrote it and the field it came from, whatever happened to it.</summary>
public class SourceMapTests
{
    private static readonly RenderOptions Mapped = new() { SourceMap = true };

    [Fact]
    public void Text_and_content_are_told_apart_with_line_and_column()
    {
        var rendered = Chat.RenderMessages(
            "<s>\n{% for m in messages %}\n[{{ m.role }}] {{ m['content'] }}\n{% endfor %}", """[{"role":"user","content":"Hi"}]""", Mapped);
        Assert.Equal("<s>\n[user] Hi\n", rendered.Text);
        Assert.Equal(
            [
                ("<s>\n", 1, 1, null, null), ("[", 3, 1, null, null), ("user", 3, 5, 0, "role"), ("] ", 3, 14, null, null),
                ("Hi", 3, 19, 0, "content"), ("\n", 3, 34, null, null),
            ],
            Spans(rendered));
    }

    [Theory]
    [InlineData("{{ m.content|trim|upper }}")]
    [InlineData("{{ m.content[3:] }}")]
    [InlineData("{{ ('' ~ m.content + '').split('</t>')[-1] }}")]
    [InlineData("{% set c = m.content %}{{ c|replace('x', '') }}")]
    [InlineData("{% macro f(c) %}{{ c }}{% endmacro %}{{ f(m.content)|trim }}")]
    [InlineData("{% set c %}{{ m.content }}{% endset %}{{ c }}")]
    [InlineData("{% filter lower %}{{ m.content }}{% endfilter %}")]
    [InlineData("{% macro f() %}{{ caller() }}{% endmacro %}{% call f() %}{{ m.content }}{% endcall %}")]
    [InlineData("{{ [m.content]|join }}")]
    [InlineData("{{ '%s' % m.content }}")]
    [InlineData("{{ '{}'.format(m.content) }}")]
    [InlineData("{{ m.content.splitlines()|join('') }}")]
    [InlineData("{{ m.content|list|reverse|join }}")]
    [InlineData("{{ messages|map(attribute='content')|first }}")]
    [InlineData("{{ m.content|e|title }}")]
    [InlineData("{{ m.content|wordwrap(200) }}")]
    [InlineData("{% for c in m.content %}{{ c }}{% endfor %}")]
    [InlineData("{% set ns = namespace(t='') %}{% for c in m.content %}{% set ns.t = ns.t + c %}{% endfor %}{{ ns.t }}")]
    [InlineData("{% generation %}{{ m.content }}{% endgeneration %}")]
    [InlineData("{{ m.content.partition('</t>')[2] }}")]
    [InlineData("{{ m.content if m.content is string else '' }}")]
    public void Content_keeps_its_origin_through_any_chain_of_operations(string template)
    {
        var rendered = Chat.RenderMessages(
            "{% for m in messages %}" + template + "{% endfor %}", """[{"role":"user","content":" <t>x</t>Answer é😀 & so "}]""", Mapped);
        Assert.NotEmpty(rendered.Text);
        Assert.All(rendered.SourceMap!.Spans, span => Assert.Equal((0, "content"), (span.MessageIndex, span.Field)));
    }

    [Fact]
    public void What_a_filter_adds_belongs_to_the_expression_that_called_it()
    {
        var rendered = Chat.RenderMessages("{{ messages|map(attribute='content')|join(', ') }}", """[{"content":"a"},{"content":"b"}]""", Mapped);
        Assert.Equal([("a", 1, 4, 0, "content"), (", ", 1, 43, null, null), ("b", 1, 4, 1, "content")], Spans(rendered));
    }

    [Fact]
    public void Arguments_of_a_tool_call_are_known_by_their_path()
    {
        const string messages = """[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"city":"Ulm","n":[1,2.5]}}}]}]""";
        var rendered = Chat.RenderMessages(
            "{% for c in messages[0].tool_calls %}{{ c.function.name }}:{{ c.function.arguments|tojson }}"
            + "{% for k, v in c.function.arguments.items() %} {{ k }}={{ v }}{% endfor %}{% endfor %}",
            messages,
            Mapped);
        Assert.Equal("""f:{"city": "Ulm", "n": [1, 2.5]} city=Ulm n=[1, 2.5]""", rendered.Text);
        const string arguments = "tool_calls[0].function.arguments";
        string? FieldAt(string text, int from = 0) => rendered.SourceMap!.At(rendered.Text.IndexOf(text, from, StringComparison.Ordinal))?.Field;
        Assert.Equal("tool_calls[0].function.name", FieldAt("f"));
        Assert.Equal(arguments, FieldAt("{"));
        Assert.Equal(arguments + ".city", FieldAt("city"));
        Assert.Equal(arguments + ".city", FieldAt("Ulm"));
        Assert.Equal(arguments + ".n[1]", FieldAt("2.5"));
        var second = rendered.Text.IndexOf("} ", StringComparison.Ordinal);
        Assert.Equal(arguments + ".city", FieldAt("city", second));
        Assert.Equal(arguments + ".city", FieldAt("Ulm", second));
        Assert.Equal(arguments + ".n[0]", FieldAt("1", second));
        Assert.All(rendered.SourceMap!.Spans.Where(span => span.Field is not null), span => Assert.Equal(0, span.MessageIndex));
    }

    [Fact]
    public void Tools_special_tokens_and_other_variables_are_named_without_a_message()
    {
        var request = new ChatRequest
        {
            Messages = Chat.Json("[]"),
            Tools = Chat.Json("""[{"function":{"name":"f"}}]"""),
            SpecialTokens = new Dictionary<string, string?> { ["bos_token"] = "<s>" },
            Kwargs = Chat.Json("""{"style":{"tone":"dry"}}"""),
        };
        var rendered = ChatTemplate.Parse("{{ bos_token }}{{ tools[0].function.name }}{{ style.tone }}").Render(request, Mapped);
        Assert.Equal(
            [("<s>", 1, 4, null, "bos_token"), ("f", 1, 19, null, "tools[0].function.name"), ("dry", 1, 47, null, "style.tone")],
            Spans(rendered));
    }

    [Fact]
    public void Literals_inside_an_expression_are_placed_where_they_stand()
    {
        var rendered = Chat.RenderMessages("{{ '<|' + messages[0].role +\n '|>' }}", """[{"role":"user"}]""", Mapped);
        Assert.Equal([("<|", 1, 4, null, null), ("user", 1, 4, 0, "role"), ("|>", 2, 2, null, null)], Spans(rendered));
    }

    [Fact]
    public void Text_in_a_macro_is_placed_in_the_macro()
    {
        var rendered = Chat.RenderMessages(
            "{% macro turn(m) %}\n<{{ m.role }}>\n{%- endmacro %}\n{{ turn(messages[0]) }}", """[{"role":"user"}]""", Mapped);
        Assert.Equal([("<", 2, 1, null, null), ("user", 2, 5, 0, "role"), (">", 2, 14, null, null)], Spans(rendered));
    }

    [Fact]
    public void A_continued_message_is_cut_with_its_map()
    {
        var rendered = Chat.RenderMessages(
            "{% for m in messages %}[{{ m.content }}]{% endfor %}",
            """[{"content":"a"},{"content":"b"}]""",
            Mapped,
            """{"continue_final_message":true}""");
        Assert.Equal("[a][b", rendered.Text);
        Assert.Equal(("b", 1, 28, 1, "content"), Spans(rendered)[^1]);
    }

    [Fact]
    public void Without_the_option_there_is_no_map() => Assert.Null(Chat.RenderMessages("x", "[]").SourceMap);

    private static List<(string Text, int? Line, int? Column, int? Message, string? Field)> Spans(RenderedChat rendered) =>
        [.. rendered.SourceMap!.Spans.Select(span =>
            (rendered.Text[span.Start..span.End], span.TemplateLine, span.TemplateColumn, span.MessageIndex, span.Field))];
}
