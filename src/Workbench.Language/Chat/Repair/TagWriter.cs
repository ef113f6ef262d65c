using System.Text;
using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Chat.Repair;

/// <summary>
/// Writes generation tags into a template's source around the pieces that the assistant says. Everything between the tags
/// that it adds is written out in expressions, so that white space control has nothing left to cut.
/// </summary>
internal sealed class TagWriter(TemplateOutline outline, IReadOnlyDictionary<OutputPiece, PieceUse> uses)
{
    private const string Begin = "{%- generation -%}";
    private const string Finish = "{%- endgeneration -%}";

    private List<TagEdit>? _edits;
    private readonly ILookup<OutlineNode, OutputPiece> _pieces = uses.Keys.ToLookup(piece => piece.Node);

    /// <summary>Numbers of the places that ask whose turn it is.</summary>
    public IEnumerable<int> Conditional => Enumerable.Range(0, Edits.Count).Where(i => Edits[i].Conditional);

    private List<TagEdit> Edits => _edits ??= FindEdits();

    /// <summary>The template with tags at all places but those to leave out.</summary>
    public string Write(IReadOnlySet<int>? leftOut = null)
    {
        var text = new StringBuilder();
        var at = 0;
        for (var i = 0; i < Edits.Count; i++)
        {
            if (leftOut?.Contains(i) != true)
            {
                var (start, end, replacement, _) = Edits[i];
                text.Append(outline.Source, at, start - at).Append(replacement);
                at = end;
            }
        }

        return text.Append(outline.Source, at, outline.Source.Length - at).ToString();
    }

    private List<TagEdit> FindEdits()
    {
        var edits = new List<TagEdit>();
        Visit(outline.Nodes, [], edits);
        return [.. edits.OrderBy(edit => edit.Start)];
    }

    private void Visit(IReadOnlyList<OutlineNode> body, IReadOnlyList<OutlineNode> loops, List<TagEdit> edits)
    {
        for (var i = 0; i < body.Count;)
        {
            var first = i;
            while (i < body.Count && (body[i].Kind is OutlineKind.Data or OutlineKind.Output || IsSaid(body[i])))
            {
                i++;
            }

            if (i > first)
            {
                Tag([.. body.Skip(first).Take(i - first)], loops, edits);
                continue;
            }

            foreach (var inner in body[i].Kind == OutlineKind.Block ? body[i].Bodies : [])
            {
                Visit(inner, body[i].Tokens[0].IsName("for") ? [.. loops, body[i]] : loops, edits);
            }

            i++;
        }
    }

    /// <summary>Whether the block as a whole is the assistant's, and may become a scope of its own.</summary>
    private bool IsSaid(OutlineNode node)
    {
        if (node.Kind != OutlineKind.Block || node.Descendants.Any(inner => inner.Kind == OutlineKind.Silent && !inner.Tokens[0].IsName("set")))
        {
            return false;
        }

        // A generation block is a scope: what it sets is gone behind it. A loop's body is a scope already.
        if (!node.Tokens[0].IsName("for") && node.Descendants.Any(inner => inner.Kind is OutlineKind.Silent or OutlineKind.Buffered))
        {
            return false;
        }

        var known = node.Descendants.SelectMany(inner => _pieces[inner]).Select(piece => (Use: uses[piece], Piece: piece)).ToList();
        return known.Exists(entry => entry.Use.Trained is not null)
            && known.TrueForAll(entry => entry.Use is { AlsoUntrained: false, Inseparable: false }
                && (entry.Use.Trained is null || IsWhole(entry.Use.Trained.Value, entry.Piece)));
    }

    private static bool IsWhole((int Start, int End) range, OutputPiece piece) =>
        piece.Constant is null || (range.Start == 0 && range.End == piece.Constant.Length);

    /// <summary>Tags a stretch of a body that holds no other tags than blocks of the assistant's.</summary>
    private void Tag(List<OutlineNode> nodes, IReadOnlyList<OutlineNode> loops, List<TagEdit> edits)
    {
        var (first, last) = (nodes.FindIndex(Matters), nodes.FindLastIndex(Matters));
        if (first < 0)
        {
            return;
        }

        // The tags cut white space beside them, so data that have some there are written out, too.
        while (first > 0 && nodes[first - 1] is { Kind: OutlineKind.Data, Text: [.., var end] } && char.IsWhiteSpace(end))
        {
            first--;
        }

        while (last + 1 < nodes.Count && nodes[last + 1] is { Kind: OutlineKind.Data, Text: [var start, ..] } && char.IsWhiteSpace(start))
        {
            last++;
        }

        var run = nodes.GetRange(first, last - first + 1);
        var tagged = Written(run, tagged: true);
        var both = run.SelectMany(node => _pieces[node]).Any(piece => uses[piece] is { AlsoUntrained: true, Inseparable: false, Trained: not null });
        if (both)
        {
            if (Condition(loops) is not { } condition)
            {
                return;
            }

            tagged = $"{{%- if {condition} -%}}{tagged}{{%- else -%}}{Written(run, tagged: false)}{{%- endif -%}}";
        }

        edits.Add(new TagEdit(run[0].Start, run[^1].End, tagged, both));
    }

    private bool Matters(OutlineNode node) =>
        node.Kind == OutlineKind.Block || _pieces[node].Any(piece => uses[piece] is { Trained: not null, Inseparable: false });

    /// <summary>Whose turn it is, by the loop over the messages; null outside of one.</summary>
    private static string? Condition(IReadOnlyList<OutlineNode> loops)
    {
        var named = loops.Where(loop => loop.LoopVariable is not null).ToList();
        var messages = named.FindLast(loop => loop.Tokens.Skip(3).Any(t => t.Kind == TokenKind.Name && t.Text.Contains("messages", StringComparison.Ordinal)));
        return (messages ?? named.LastOrDefault())?.LoopVariable is { } variable ? $"{variable}['role'] == 'assistant'" : null;
    }

    /// <summary>A stretch of the source and what takes its place.</summary>
    private sealed record TagEdit(int Start, int End, string Text, bool Conditional);

    private string Written(List<OutlineNode> run, bool tagged)
    {
        var text = new StringBuilder();
        var open = false;
        foreach (var node in run)
        {
            if (node.Kind == OutlineKind.Block)
            {
                Switch(true);
                text.Append(outline.Source, node.Start, node.End - node.Start);
                continue;
            }

            var parts = _pieces[node].SelectMany(piece => Parts(piece, tagged)).ToList();
            for (var i = 0; i < parts.Count;)
            {
                // Operands that belong together stay one expression: a sum fails on None where printing would not.
                var (first, said) = (i, parts[i].Said);
                while (i < parts.Count && parts[i].Said == said)
                {
                    i++;
                }

                Switch(said);
                text.Append("{{- ").Append(Sum(parts[first..i], first > 0)).Append(" -}}");
            }
        }

        Switch(false);
        return text.ToString();

        void Switch(bool said)
        {
            if (tagged && said != open)
            {
                text.Append(said ? Begin : Finish);
            }

            open = said;
        }
    }

    private static string Sum(List<(string Source, string Operator, bool Literal, bool Said)> parts, bool continued)
    {
        var sum = new StringBuilder(continued && !parts[0].Literal ? "''" + parts[0].Operator : "");
        for (var i = 0; i < parts.Count; i++)
        {
            sum.Append(i == 0 ? "" : parts[i].Operator).Append(parts[i].Source);
        }

        return sum.ToString();
    }

    /// <summary>A piece; where tags are wanted, cut where a constant is only partly the assistant's.</summary>
    private IEnumerable<(string Source, string Operator, bool Literal, bool Said)> Parts(OutputPiece piece, bool tagged)
    {
        var use = uses[piece];
        var said = tagged && use is { Trained: not null, Inseparable: false };
        if (piece.Constant is not { } constant)
        {
            yield return (piece.Source, piece.Operator, false, said);
            yield break;
        }

        var (start, end) = said ? use.Trained!.Value : (0, constant.Length);
        (int From, int To, bool Said)[] cuts = [(0, start, false), (start, end, said), (end, constant.Length, false)];
        var joint = piece.Operator;
        foreach (var (from, to, own) in cuts.Where(cut => cut.From < cut.To))
        {
            var whole = from == 0 && to == constant.Length && piece.Source.Length > 0;
            yield return (whole ? piece.Source : OutputPiece.Literal(constant[from..to]), joint, true, own);
            joint = " + ";
        }
    }
}
