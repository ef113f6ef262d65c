using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Templates that cannot be probed: broken, refusing a plain conversation, or too expensive.</summary>
internal static class Unrenderable
{
    public const string SyntaxError = "syntax-error";
    public const string Name = "unrenderable";
    public const string Incomplete = "lint-incomplete";

    public static LintFinding TooExpensive { get; } = new(
        Incomplete, LintSeverity.Warning, "Probes were stopped by a limit, so rules may have missed something.",
        "Rendering a conversation of two short messages should take microseconds.", "Look for loops over long ranges.");

    public static LintFinding Syntax(TemplateException error) => new(
        SyntaxError, LintSeverity.Error, $"{error.Type}: {error.Message}",
        "The template cannot be read, so nothing can be rendered with it.", "Correct it at this line.") { Line = error.Line };

    /// <summary>A plain question and answer must render; most rules have nothing to look at without it.</summary>
    public static LintFinding? Check(TemplateProbe probe) => probe.Render(Conversations.Turn).Error is { } error
        ? new LintFinding(
            Name, LintSeverity.Error, $"A question and an answer do not render: {error.Type}: {error.Message}",
            "Most rules look at what becomes of a question and its answer.", "Pass what the template needs, or let it accept user and assistant messages.")
        {
            Line = error.Line,
        }
        : null;
}
