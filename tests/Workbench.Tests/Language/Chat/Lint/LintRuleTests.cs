using Workbench.Language.Chat.Lint;
using Workbench.Language.Chat.Presets;
using Workbench.Language.Tokenizers;
using Workbench.Tests.Language.Chat.Masks;

namespace Workbench.Tests.Language.Chat.Lint;

/// <summary>Each rule on a template written for it, with the place worked out by hand.</summary>
public sealed class LintRuleTests
{
    private const string Header = "{% for m in messages %}\n{{ '<|im_start|>' + m.role + '\\n' }}";
    private const string End = "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    /// <summary>Nothing to complain about but what it leaves out.</summary>
    private const string Sound =
        Header + "{% if m.role == 'assistant' %}{% generation %}{{ m.content + '<|im_end|>' }}{% endgeneration %}{% else %}{{ m.content + '<|im_end|>' }}{% endif %}{{ '\\n' }}" + End;

    [Theory]
    [InlineData("syntax-error", null, 2, null, "a\n{% if %}")]
    [InlineData("unrenderable", null, 2, null, "a\n{{ raise_exception('no') }}")]
    [InlineData("nothing-trained", "content", null, null, "{% for m in messages %}{{ m.role }}{% endfor %}")]
    [InlineData("nothing-trained", "tags", null, null, "{% for m in messages %}{{ m.content }}</s>{% endfor %}{% generation %}{% endgeneration %}")]
    [InlineData("end-of-turn-not-trained", "missing", 2, 18, "{% for m in messages %}\n{{ m.role }}: {{ m.content }}\n{% endfor %}")]
    [InlineData("end-of-turn-not-trained", "tags", 2, 153, Header + "{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}<|im_end|>\n" + End)]
    [InlineData("generation-span-headers", "headers", 2, 17, "{% for m in messages %}{% if m.role == 'assistant' %}\n{% generation %}<|im_start|>assistant\n{{ m.content }}<|im_end|>{% endgeneration %}{% else %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{% endif %}\n" + End)]
    [InlineData("no-generation-tags", null, 2, 29, "{% for m in messages %}\n{{ m.role }}<|im_start|>\t{{ m.content }}{% endfor %}")]
    [InlineData("generation-prompt-not-prefix", "header", 3, null, "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>model\n{% endif %}")]
    [InlineData("generation-prompt-not-prefix", "reasoning", 1, null, "{% for m in messages %}[{{ m.role }}]{% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}[assistant]<think>{% endif %}")]
    [InlineData("training-inference-mismatch", "second", 1, null, "{% for m in messages %}[{{ m.role }}]{% if m.role == 'user' or loop.last %}{{ m.content }}{% endif %}</s>{% endfor %}{% if add_generation_prompt %}[assistant]x{% endif %}")]
    [InlineData("not-prefix-preserving", "plain", 1, 57, "{% for m in messages %}{{ m.content }}{% if loop.last %}</s>{% endif %}|{% endfor %}")]
    [InlineData("double-bos", "template", 1, 4, "{{ bos_token + bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}")]
    [InlineData("forged-special", "<|im_end|>", 2, 95, Header + "{% if m.role == 'assistant' %}{{ m.content }}{% else %}{{ '' + m.content }}{% endif %}<|im_end|>\n" + End)]
    [InlineData("system-dropped", "dropped", null, null, "{% for m in messages if m.role != 'system' %}{{ m.content }}{% endfor %}")]
    [InlineData("system-dropped", "refused", 2, null, "{% if messages[0].role == 'system' %}\n{{ raise_exception('no system') }}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}")]
    [InlineData("tools-dropped", "tools", null, null, Sound)]
    [InlineData("tools-dropped", "calls", null, null, Sound)]
    [InlineData("tools-dropped", "results", null, null, "{% for m in messages if m.role != 'tool' %}{{ m.content }}{% endfor %}")]
    [InlineData("tools-dropped", "refused", 1, null, "{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('no tools') }}{% endif %}{{ m.content }}{% endfor %}")]
    [InlineData("reasoning-dropped", "final", null, null, Sound)]
    [InlineData("reasoning-dropped", "thinking", null, null, "{% for m in messages %}{{ m.thinking }}{{ m.content }}{% endfor %}")]
    [InlineData("reasoning-dropped", "earlier", 1, 45, "{% for m in messages %}{% if loop.last %}{{ m.reasoning_content }}{% endif %}{{ m.content }}{% endfor %}")]
    [InlineData("arguments-double-encoded", null, 2, null, "{% for m in messages %}{{ m.content }}{% for c in m.tool_calls %}\n{{ c.function.arguments | tojson }}{% endfor %}{% endfor %}")]
    [InlineData("arguments-not-json", null, 2, null, "{% for m in messages %}{{ m.content }}{% for c in m.tool_calls %}\n{{ c.function.arguments }}{% endfor %}{% endfor %}")]
    [InlineData("content-trimmed", "assistant", 1, null, "{% for m in messages %}{{ m.content | trim if m.role == 'assistant' else m.content }}{% endfor %}")]
    [InlineData("content-list-unsupported", "written", 1, null, "{% for m in messages %}{{ m.content }}{% endfor %}")]
    [InlineData("content-list-unsupported", "refused", 2, null, Sound)]
    [InlineData("alternation-required", null, 2, null, "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}\n{{ raise_exception('roles must alternate') }}{% endif %}{{ m.content }}{% endfor %}")]
    [InlineData("clock-dependent", null, 1, 11, "Today: {{ strftime_now('%d %b %Y') }}{% for m in messages %}{{ m.content }}{% endfor %}")]
    [InlineData("unknown-variable", "enable_thinkng", 2, 7, "{% for m in messages %}{{ m.content }}{% endfor %}\n{% if enable_thinkng %}x{% endif %}")]
    [InlineData("lint-incomplete", null, null, null, "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}")]
    public void A_rule_finds_what_it_is_for_at_its_place(string rule, string? subject, int? line, int? column, string template)
    {
        var found = Assert.Single(TemplateLinter.Lint(template), f => f.Rule == rule && f.Subject == subject);

        Assert.Equal(line, found.Line);
        Assert.True(column is null || column == found.Column, $"column {found.Column}");
        Assert.Contains(rule, TemplateLinter.RuleNames);
        Assert.All(new[] { found.Message, found.Explanation, found.Fix }, Assert.NotEmpty);
    }

    [Fact]
    public void A_sound_template_is_only_told_what_it_leaves_out() =>
        Assert.Equal(
            ["forged-special:<|im_end|>", "tools-dropped:tools", "tools-dropped:calls", "reasoning-dropped:final", "content-list-unsupported:refused"],
            TemplateLinter.Lint(Sound).Select(f => $"{f.Rule}:{f.Subject}"));

    [Fact]
    public void No_preset_trains_or_prompts_wrongly()
    {
        string[] grave = ["syntax-error", "unrenderable", "nothing-trained", "end-of-turn-not-trained", "generation-span-headers", "no-generation-tags", "double-bos", "clock-dependent"];
        Assert.All(ChatPresets.All, preset => Assert.DoesNotContain(TemplateLinter.Lint(preset.Template), f => grave.Contains(f.Rule)));
    }

    [Fact]
    public void With_a_model_missing_tokens_and_a_second_BOS_are_found()
    {
        var model = PretrainedTokenizer.Load(Shared.Require("assets/models/stories260K-hf"));
        Assert.Null(model.Tokenizer.TokenToId("<|im_start|>"));

        var findings = TemplateLinter.Lint("{{ bos_token }}" + Sound, model);

        Assert.Equal(["<|im_start|>", "<|im_end|>"], findings.Where(f => f.Rule == "special-token-missing").Select(f => f.Subject));
        Assert.Equal("tokenizer", Assert.Single(findings, f => f.Rule == "double-bos").Subject);
        Assert.DoesNotContain(TemplateLinter.Lint(Sound, model), f => f.Rule == "double-bos");
    }

    [Fact]
    public void A_model_that_has_the_tokens_is_not_told_to_add_them() =>
        Assert.DoesNotContain(TemplateLinter.Lint(Sound, new MaskScene("<|im_end|>", "<|im_start|>").Tokenizer), f => f.Rule == "special-token-missing");

    [Fact]
    public void Linting_stops_when_it_is_no_longer_wanted()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => TemplateLinter.Lint(Sound, null, cancellation.Token));
    }
}
