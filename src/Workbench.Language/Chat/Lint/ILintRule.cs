using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint;

/// <summary>One thing to look for.</summary>
internal interface ILintRule
{
    /// <summary>The rule's name, in the words of its finding.</summary>
    string Name { get; }

    /// <summary>Why it matters.</summary>
    string Explanation { get; }

    /// <summary>What to do about it.</summary>
    string Fix { get; }

    /// <summary>What the rule finds in the probe's renderings.</summary>
    IEnumerable<LintFinding> Check(TemplateProbe probe);
}
