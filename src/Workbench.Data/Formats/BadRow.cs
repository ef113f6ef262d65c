namespace Workbench.Data.Formats;

/// <summary>A line that could not be understood, kept to be repaired.</summary>
/// <param name="Line">Line number in the source file, from 1.</param>
/// <param name="Reason">What is wrong with it, in words for its owner.</param>
/// <param name="Text">The line itself (shortened when it was longer than a row may be).</param>
public sealed record BadRow(int Line, string Reason, string Text);
