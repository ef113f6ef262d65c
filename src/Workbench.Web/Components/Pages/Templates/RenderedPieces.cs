using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>A stretch of rendered text as the page paints it.</summary>
public sealed record RenderedPiece(string Text, string Class, string? Title);

/// <summary>Cuts a rendering into its tokens, white space made visible.</summary>
public static class RenderedPieces
{
    /// <summary>Pieces in order: a token each, and the text between tokens; without tokens the whole text is one piece.</summary>
    public static IEnumerable<RenderedPiece> Of(Preview preview, int most)
    {
        var text = preview.Text ?? "";
        var position = 0;
        foreach (var token in preview.Tokens.Take(most))
        {
            // Tokens of one character's bytes share that character, which is painted once.
            var start = Math.Max(token.Start, position);
            if (start > position)
            {
                yield return Plain(text[position..start]);
            }

            if (token.End > start)
            {
                yield return new RenderedPiece(
                    Visible(text[start..token.End]), token.Trained ? "token trained" : "token", $"{token.Id} {token.Text}: {token.Reason}");
                position = token.End;
            }
        }

        if (position < text.Length && preview.Tokens.Count <= most)
        {
            yield return Plain(text[position..]);
        }
    }

    private static RenderedPiece Plain(string text) => new(Visible(text), "plain", null);

    private static string Visible(string text) => text.Replace(' ', '·').Replace("\n", "↵\n", StringComparison.Ordinal).Replace("\t", "⇥\t", StringComparison.Ordinal);
}
