using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Chat.Lint.Rules;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Lint;

/// <summary>
/// Finds what is odd about a chat template by rendering conversations with it: rules look at what came out, and at where
/// it came from, never at how the template is written.
/// </summary>
public static class TemplateLinter
{
    /// <summary>Time that all probes of a template may take together; ordinary templates need a few milliseconds.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    /// <summary>All rules, in the order of their findings.</summary>
    private static readonly ILintRule[] Rules =
    [
        new NothingTrained(), new EndOfTurnNotTrained(), new GenerationSpanHeaders(), new NoGenerationTags(),
        new GenerationPromptNotPrefix(), new TrainingInferenceMismatch(), new NotPrefixPreserving(),
        new DoubleBos(), new SpecialTokenMissing(), new ForgedSpecial(),
        new SystemDropped(), new ToolsDropped(), new ReasoningDropped(),
        new ArgumentsDoubleEncoded(), new ArgumentsNotJson(), new ContentTrimmed(), new ContentListUnsupported(), new AlternationRequired(),
        new ClockDependent(), new UnknownVariable(),
    ];

    /// <summary>The names of all rules.</summary>
    public static IReadOnlyList<string> RuleNames => [Unrenderable.SyntaxError, Unrenderable.Name, .. Rules.Select(rule => rule.Name), Unrenderable.Incomplete];

    /// <summary>Looks for everything that the rules know.</summary>
    /// <param name="template">The template's text; one that does not parse gives one finding with its line.</param>
    /// <param name="model">The tokenizer of the model it is for: more can be said with it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static IReadOnlyList<LintFinding> Lint(string template, PretrainedTokenizer? model = null, CancellationToken cancellationToken = default)
    {
        ChatTemplate parsed;
        try
        {
            parsed = ChatTemplate.Parse(template);
        }
        catch (TemplateException error)
        {
            return [Unrenderable.Syntax(error)];
        }

        var probe = new TemplateProbe(parsed, model, Budget, cancellationToken);
        var findings = new List<LintFinding>();
        if (Unrenderable.Check(probe) is { } unrenderable)
        {
            findings.Add(unrenderable);
        }

        foreach (var rule in Rules)
        {
            findings.AddRange(rule.Check(probe));
        }

        if (probe.ReachedLimit)
        {
            findings.Add(Unrenderable.TooExpensive);
        }

        return findings;
    }
}
