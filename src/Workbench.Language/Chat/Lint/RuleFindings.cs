using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Chat.Lint;

/// <summary>Makes a rule's findings.</summary>
internal static class RuleFindings
{
    /// <param name="rule">The rule that found something.</param>
    /// <param name="severity">How much it matters.</param>
    /// <param name="message">What was found.</param>
    /// <param name="place">What of the template wrote it.</param>
    /// <param name="subject">What it is about.</param>
    public static LintFinding Found(
        this ILintRule rule, LintSeverity severity, string message, SourceSpan? place = null, string? subject = null) =>
        new(rule.Name, severity, message, rule.Explanation, rule.Fix) { Line = place?.TemplateLine, Column = place?.TemplateColumn, Subject = subject };

    /// <summary>A finding about a conversation that the template refuses.</summary>
    public static LintFinding Refused(this ILintRule rule, LintSeverity severity, string message, TemplateException error, string? subject = null) =>
        new(rule.Name, severity, $"{message}: {error.Type}: {Shorten(error.Message)}", rule.Explanation, rule.Fix) { Line = error.Line, Subject = subject };

    /// <summary>A piece of rendered text as it may stand in a sentence.</summary>
    public static string Quote(string text) => "\"" + Shorten(text).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";

    private static string Shorten(string text) => text.Length <= 120 ? text : text[..117] + "...";
}
