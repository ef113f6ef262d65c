namespace Workbench.Language.Chat.Repair;

/// <summary>A template with generation tags added, or why there is none.</summary>
/// <param name="Template">The repaired template; null where it cannot be repaired.</param>
/// <param name="Reason">Why it cannot be repaired; null where it was.</param>
/// <param name="NotExpressed">What the tags of a repaired template still leave out or enclose too much, in sentences.</param>
public sealed record TemplateRepair(string? Template, string? Reason, IReadOnlyList<string> NotExpressed)
{
    internal static TemplateRepair Impossible(string reason) => new(null, reason, []);
}
