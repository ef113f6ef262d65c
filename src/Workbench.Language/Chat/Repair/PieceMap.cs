using System.Text;
using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Chat.Repair;

/// <summary>
/// Finds which piece of a template wrote which characters: renders a copy of the template in which every piece is wrapped
/// in marks, and reads them back.
/// </summary>
internal sealed class PieceMap
{
    // Private use characters: no template and no probe holds any.
    private const char Open = '\uE000';
    private const char Close = '\uE001';
    private const int Base = 0xE100;
    private const int Radix = 0x100;

    private readonly List<OutputPiece> _pieces = [];
    private readonly TemplateProbe _marked;

    public PieceMap(TemplateOutline outline, TemplateProbe original)
    {
        var text = new StringBuilder();
        var at = 0;
        foreach (var leaf in Leaves(outline.Nodes))
        {
            text.Append(outline.Source, at, leaf.Start - at);
            foreach (var piece in OutputPiece.Of(leaf, outline.Source))
            {
                var id = _pieces.Count;
                _pieces.Add(piece);
                var expression = piece.Constant is { } constant ? OutputPiece.Literal(constant) : piece.Source;
                var mark = new string([Open, (char)(Base + (id / Radix)), (char)(Base + (id % Radix))]);
                text.Append("{{- '").Append(mark).Append("' -}}{{- ").Append(expression).Append(" -}}{{- '").Append(Close).Append("' -}}");
            }

            at = leaf.End;
        }

        text.Append(outline.Source, at, outline.Source.Length - at);
        _marked = new TemplateProbe(ChatTemplate.Parse(text.ToString()), original);
        Uses = _pieces.ToDictionary(piece => piece, _ => new PieceUse());
    }

    /// <summary>What is known about each piece.</summary>
    public IReadOnlyDictionary<OutputPiece, PieceUse> Uses { get; }

    /// <summary>Takes note of what each piece wrote in a conversation.</summary>
    /// <param name="probe">How the conversation is rendered.</param>
    /// <param name="text">What the template itself makes of it.</param>
    /// <param name="trained">For each character of it whether it is trained.</param>
    /// <returns>The first trained character that no piece wrote; null where there is none.</returns>
    public int? Note(RepairProbe probe, string text, bool[] trained)
    {
        var marked = probe.Render(_marked);
        if (!marked.Ok)
        {
            return null;
        }

        var places = Read(marked.Text, out var plain);
        if (plain != text)
        {
            return null;
        }

        var covered = new bool[text.Length];
        foreach (var (piece, start, end) in places)
        {
            Uses[piece].Note(trained.AsSpan(start, end - start), piece.Constant is not null);
            covered.AsSpan(start, end - start).Fill(true);
        }

        var missed = Enumerable.Range(0, text.Length).FirstOrDefault(i => trained[i] && !covered[i], -1);
        return missed < 0 ? null : missed;
    }

    private List<(OutputPiece Piece, int Start, int End)> Read(string marked, out string plain)
    {
        var places = new List<(OutputPiece, int, int)>();
        var text = new StringBuilder(marked.Length);
        var (piece, start) = (-1, 0);
        for (var i = 0; i < marked.Length; i++)
        {
            if (marked[i] == Open && i + 2 < marked.Length)
            {
                (piece, start) = (((marked[i + 1] - Base) * Radix) + marked[i + 2] - Base, text.Length);
                i += 2;
            }
            else if (marked[i] == Close)
            {
                places.Add((_pieces[piece], start, text.Length));
            }
            else
            {
                text.Append(marked[i]);
            }
        }

        plain = text.ToString();
        return places;
    }

    private static IEnumerable<OutlineNode> Leaves(IEnumerable<OutlineNode> nodes) => nodes.SelectMany(node => node.Kind switch
    {
        OutlineKind.Data or OutlineKind.Output => [node],
        OutlineKind.Block => node.Bodies.SelectMany(Leaves),
        _ => (IEnumerable<OutlineNode>)[],
    });
}
