using Workbench.Language.Chat.Repair;

namespace Workbench.Tests.Language.Chat.Repair;

/// <summary>Tags put into templates of the kinds that are in use; what they must look like is worked out by hand.</summary>
public sealed class GenerationTaggerTests
{
    [Fact]
    public void One_expression_for_all_roles_is_parted_and_asks_for_the_role()
    {
        var repair = GenerationTagger.Repair(
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}");

        Assert.Equal(
            "{% for message in messages %}{%- if message['role'] == 'assistant' -%}{{- '<|im_start|>' + message['role'] + '\\n' -}}"
            + "{%- generation -%}{{- '' + message['content'] + '<|im_end|>' -}}{%- endgeneration -%}{{- '\\n' -}}"
            + "{%- else -%}{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' -}}{%- endif -%}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
            repair.Template);
        Assert.Null(repair.Reason);
        Assert.Empty(repair.NotExpressed);
    }

    [Fact]
    public void A_branch_of_the_assistants_own_gets_tags_without_asking_for_the_role() =>
        Assert.Equal(
            "{% for m in messages %}{% if m.role == 'assistant' %}[A]{%- generation -%}{{- m.content -}}{{- '</s>' -}}{%- endgeneration -%}{% else %}[U]{{ m.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}[A]{% endif %}",
            GenerationTagger.Repair("{% for m in messages %}{% if m.role == 'assistant' %}[A]{{ m.content }}</s>{% else %}[U]{{ m.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}[A]{% endif %}").Template);

    [Fact]
    public void White_space_that_tags_would_cut_is_written_out() =>
        Assert.Equal(
            "{% for m in messages %}{% if m.role == 'assistant' %}{{- 'A:\\n' -}}{%- generation -%}{{- m.content -}}{{- '</s>' -}}{%- endgeneration -%}{{- '\\n' -}}{% else %}U:\n{{ m.content }}\n{% endif %}{% endfor %}{% if add_generation_prompt %}A:\n{% endif %}",
            GenerationTagger.Repair("{% for m in messages %}{% if m.role == 'assistant' %}A:\n{{ m.content }}</s>\n{% else %}U:\n{{ m.content }}\n{% endif %}{% endfor %}{% if add_generation_prompt %}A:\n{% endif %}").Template);

    [Theory]
    [InlineData("{% macro turn(m) %}[{{ m.role }}]{{ m.content }}</s>{% endmacro %}{% for m in messages %}{{ turn(m) }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}", "Line 1 writes the answer and what is not the assistant's in one expression")]
    [InlineData("{% for m in messages %}{% filter trim %}[{{ m.role }}]{{ m.content }}</s>{% endfilter %}{% endfor %}", "inside a macro or another block")]
    [InlineData("{% generation %}{% endgeneration %}", "has generation tags already")]
    [InlineData("{% if %}", "does not parse")]
    [InlineData("{{ messages[9].content + 'x' }}", "do not render")]
    [InlineData("{{ messages[0].content }}", "does not reach the text")]
    public void A_template_that_cannot_have_tags_gets_the_reason(string template, string reason)
    {
        var repair = GenerationTagger.Repair(template);

        Assert.Null(repair.Template);
        Assert.Contains(reason, repair.Reason, StringComparison.Ordinal);
    }
}
