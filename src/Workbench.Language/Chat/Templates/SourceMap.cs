namespace Workbench.Language.Chat.Templates;

/// <summary>Where a stretch of rendered text came from.</summary>
/// <param name="Start">First UTF-16 unit in <see cref="RenderedChat.Text"/>.</param>
/// <param name="End">One past the last unit.</param>
/// <param name="TemplateLine">One-based line of the template text, literal or output that wrote it.</param>
/// <param name="TemplateColumn">One-based column (UTF-16 units) there.</param>
/// <param name="MessageIndex">Index of the message whose data this is; null for text of the template's own.</param>
/// <param name="Field">
/// Top-level key of that message (<c>content</c>, <c>role</c>, <c>tool_calls</c> …); without a message the variable it
/// came from (<c>tools</c>, <c>documents</c>, <c>bos_token</c> …); null for text of the template's own.
/// </param>
public sealed record SourceSpan(
    int Start, int End, int? TemplateLine, int? TemplateColumn, int? MessageIndex, string? Field);

/// <summary>The origin of every rendered character.</summary>
/// <param name="Spans">In order, without gaps, covering the text completely.</param>
public sealed record SourceMap(IReadOnlyList<SourceSpan> Spans)
{
    /// <summary>The span that covers UTF-16 unit <paramref name="position"/> of the text; null outside of it.</summary>
    public SourceSpan? At(int position)
    {
        int low = 0, high = Spans.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var span = Spans[middle];
            if (position < span.Start)
            {
                high = middle - 1;
            }
            else if (position >= span.End)
            {
                low = middle + 1;
            }
            else
            {
                return span;
            }
        }

        return null;
    }
}
