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
        var assigned = Assigned(tokens);
        var unknown = probe.Template.FreeVariables.Where(name => !Known.Contains(name) && !assigned.Contains(name) && !probe.SpecialTokens.ContainsKey(name));
        foreach (var name in unknown.Order(StringComparer.Ordinal))
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

    /// <summary>What the template assigns itself: read before that in some branch, it is no variable to be passed.</summary>
    private static HashSet<string> Assigned(List<Token> tokens)
    {
        var names = new HashSet<string>();
        for (var i = 1; i < tokens.Count; i++)
        {
            if (tokens[i - 1].Kind == TokenKind.BlockBegin && tokens[i] is { Kind: TokenKind.Name, Text: "set" or "for" })
            {
                names.UnionWith(tokens.Skip(i + 1).TakeWhile(token => token.Kind is (TokenKind.Name or TokenKind.Comma or TokenKind.LeftParen or TokenKind.RightParen) && !token.IsName("in"))
                    .Where(token => token.Kind == TokenKind.Name).Select(token => token.Text));
            }
        }

        return names;
    }
}
