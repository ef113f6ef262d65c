using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Variables that transformers does not supply.</summary>
internal sealed class UnknownVariable : ILintRule
{
    public string Name => "unknown-variable";

    public string Explanation => "They are undefined unless the application passes them (chat_template_kwargs); a misspelt name is undefined without any error.";

    public string Fix => "Pass the variable in training as at inference, or give it a default in the template.";

    /// <summary>What apply_chat_template supplies, the tokenizer's named tokens, and Jinja2's and transformers' globals.</summary>
    private static readonly HashSet<string> Known =
    [
        "messages", "tools", "documents", "add_generation_prompt",
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token", "additional_special_tokens",
        "range", "dict", "lipsum", "cycler", "joiner", "namespace", "raise_exception", "strftime_now",
    ];

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var source = new SourceText(probe.Template.Text);
        var tokens = new Lexer(source).Tokens().ToList();
        foreach (var name in probe.Template.FreeVariables.Where(name => !Known.Contains(name) && !probe.SpecialTokens.ContainsKey(name)).Order(StringComparer.Ordinal))
        {
            // Behind a dot it is an attribute, behind a bar or "is" a filter or a test.
            var at = Enumerable.Range(0, tokens.Count).FirstOrDefault(
                i => tokens[i].IsName(name) && (i == 0 || (tokens[i - 1].Kind is not (TokenKind.Dot or TokenKind.Pipe) && !tokens[i - 1].IsName("is"))), -1);
            var place = at < 0 ? null : source.PositionOf(tokens[at].Offset);
            yield return new LintFinding(Name, LintSeverity.Info, $"\"{name}\" is a variable of this template's own.", Explanation, Fix)
            {
                Line = place?.Line,
                Column = place?.Column,
                Subject = name,
            };
        }
    }
}
