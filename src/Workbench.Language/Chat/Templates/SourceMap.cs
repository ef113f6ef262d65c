namespace Workbench.Language.Chat.Templates;

/// <summary>Where every character of a rendering came from.</summary>
/// <param name="Spans">Spans that cover the text completely, in order, without gaps or overlaps; none is empty.</param>
public sealed record SourceMap(IReadOnlyList<SourceSpan> Spans)
{
    /// <summary>The span that holds the character at <paramref name="index"/> (UTF-16), or null past the end.</summary>
    public SourceSpan? At(int index)
    {
        int low = 0, high = Spans.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var span = Spans[middle];
            if (index < span.Start)
            {
                high = middle - 1;
            }
            else if (index >= span.End)
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

/// <summary>Characters of one origin.</summary>
/// <param name="Start">First character, UTF-16, in the rendered text.</param>
/// <param name="End">One past the last character.</param>
/// <param name="TemplateLine">Line (1-based) of the template text, literal or expression that wrote them.</param>
/// <param name="TemplateColumn">Its column, 1-based, in UTF-16 characters.</param>
/// <param name="MessageIndex">Index of the message whose data they are; null for text of the template or other variables.</param>
/// <param name="Field">
/// Path of that data: <c>content</c>, <c>tool_calls[0].function.arguments.city</c>, or, without a message, the variable:
/// <c>tools[1].function.name</c>, <c>bos_token</c>.
/// </param>
public sealed record SourceSpan(int Start, int End, int? TemplateLine, int? TemplateColumn, int? MessageIndex, string? Field);
