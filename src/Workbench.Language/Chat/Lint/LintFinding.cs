namespace Workbench.Language.Chat.Lint;

/// <summary>How much a finding matters.</summary>
public enum LintSeverity
{
    /// <summary>Worth knowing; often intended.</summary>
    Info,

    /// <summary>Hurts training or inference in a way that few intend.</summary>
    Warning,

    /// <summary>The template cannot do its work.</summary>
    Error,
}

/// <summary>One thing that is odd about a template, learnt by rendering conversations with it.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What was found, in one sentence.</param>
/// <param name="Explanation">Why it matters.</param>
/// <param name="Fix">What to do about it.</param>
public sealed record LintFinding(string Rule, LintSeverity Severity, string Message, string Explanation, string Fix)
{
    /// <summary>Line of the template, from 1; null where no single place is at fault.</summary>
    public int? Line { get; init; }

    /// <summary>Column of that line, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>What the finding is about within its rule: a role, a variable, a conversation.</summary>
    public string? Subject { get; init; }
}
