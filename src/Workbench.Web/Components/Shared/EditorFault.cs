namespace Workbench.Web.Components.Shared;

/// <summary>A fault to underline in an editor.</summary>
/// <param name="Severity">error, warning or info, as CodeMirror calls them.</param>
/// <param name="Line">From 1; null for the first.</param>
/// <param name="Column">From 1; null for the whole line.</param>
public sealed record EditorFault(int? Line, int? Column, string Message, string Severity = "error");
