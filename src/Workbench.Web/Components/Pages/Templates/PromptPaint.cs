using Workbench.Language.Chat.Templates;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>
/// A rendering as the browser paints it: cut wherever token, origin or turn changes, so that each piece has one of each.
/// </summary>
/// <param name="Text">The text painted, which may be the beginning of a longer one.</param>
/// <param name="Pieces">Pieces in order, without gaps.</param>
/// <param name="Tokens">Tokens that begin in <paramref name="Text"/>.</param>
/// <param name="Origins">Where text came from.</param>
/// <param name="Bands">The turns.</param>
public sealed record PromptPaint(
    string Text, IReadOnlyList<PaintedPiece> Pieces, IReadOnlyList<PreviewToken> Tokens, IReadOnlyList<SourceSpan> Origins, IReadOnlyList<RoleBand> Bands)
{
    /// <summary>More pieces than anybody reads would make the browser slow.</summary>
    public const int MostPieces = 6000;

    /// <summary>Characters painted; a piece may be long.</summary>
    public const int MostCharacters = 200_000;

    /// <summary>The painting of a preview that has a text.</summary>
    public static PromptPaint Of(Preview preview)
    {
        var text = preview.Text!;
        var cuts = new SortedSet<int> { text.Length };
        cuts.UnionWith(preview.Tokens.SelectMany(token => new[] { token.Start, token.End }));
        cuts.UnionWith(preview.Origins.Select(span => span.Start));
        cuts.UnionWith(preview.Bands.Select(band => band.Start));
        cuts.Remove(0);
        var pieces = new List<PaintedPiece>();
        var (start, token, origin, band) = (0, 0, 0, 0);
        foreach (var end in cuts.Where(cut => cut <= text.Length).TakeWhile(cut => pieces.Count < MostPieces && cut <= MostCharacters))
        {
            // Tokens that share the bytes of one character also share its place; the piece goes to the first.
            token = Advance(token, preview.Tokens.Count, i => preview.Tokens[i].End <= start);
            origin = Advance(origin, preview.Origins.Count, i => preview.Origins[i].End <= start);
            band = Advance(band, preview.Bands.Count, i => preview.Bands[i].End <= start);
            var inToken = token < preview.Tokens.Count && preview.Tokens[token].Start <= start;
            pieces.Add(new PaintedPiece(
                start, end, inToken ? token : -1, origin < preview.Origins.Count ? origin : -1, band < preview.Bands.Count ? band : -1));
            start = end;
        }

        if (start < text.Length && pieces.Count == 0)
        {
            // One single piece too long to paint whole.
            start = MostCharacters;
            pieces.Add(new PaintedPiece(0, start, -1, preview.Origins.Count > 0 ? 0 : -1, preview.Bands.Count > 0 ? 0 : -1));
        }

        return new PromptPaint(
            text[..start],
            pieces,
            [.. preview.Tokens.TakeWhile(item => item.Start < start)],
            [.. preview.Origins.TakeWhile(span => span.Start < start)],
            [.. preview.Bands.TakeWhile(item => item.Start < start)]);
    }

    private static int Advance(int index, int count, Func<int, bool> passed)
    {
        while (index < count && passed(index))
        {
            index++;
        }

        return index;
    }
}

/// <summary>A stretch of one token, one origin and one turn; -1 where there is none.</summary>
/// <param name="Start">First character (UTF-16).</param>
/// <param name="End">One past the last.</param>
/// <param name="Token">Index of the token.</param>
/// <param name="Origin">Index of the origin.</param>
/// <param name="Band">Index of the turn.</param>
public sealed record PaintedPiece(int Start, int End, int Token, int Origin, int Band);
