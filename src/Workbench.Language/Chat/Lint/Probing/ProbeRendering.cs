using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Chat.Lint.Probing;

/// <summary>What became of one probe.</summary>
/// <param name="Chat">The rendering; null where it failed.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record ProbeRendering(RenderedChat? Chat, TemplateException? Error)
{
    public bool Ok => Chat is not null;

    public string Text => Chat!.Text;

    private IReadOnlyList<SourceSpan> Spans => Chat!.SourceMap!.Spans;

    /// <summary>Whether the other rendering has the same text or fails with the same error.</summary>
    public bool IsSame(ProbeRendering other) => Ok
        ? other.Ok && Text == other.Text
        : !other.Ok && Error!.Type == other.Error!.Type && Error.Message == other.Error.Message;

    /// <summary>Whether a field of a message, or without a message a variable, reached the text.</summary>
    public bool Wrote(int? message, string field) => First(message, field) is not null;

    /// <summary>Everything that the field wrote, in order.</summary>
    public string Written(int? message, string field) =>
        string.Concat(Spans.Where(span => Is(span, message, field)).Select(span => Text[span.Start..span.End]));

    public SourceSpan? First(int? message, string field) => Spans.FirstOrDefault(span => Is(span, message, field));

    /// <summary>What of the template wrote the character.</summary>
    public SourceSpan? At(int index) => Chat!.SourceMap!.At(Math.Min(index, Text.Length - 1));

    private static bool Is(SourceSpan span, int? message, string field) =>
        span.MessageIndex == message && span.Field is not null && span.Field.StartsWith(field, StringComparison.Ordinal);
}
