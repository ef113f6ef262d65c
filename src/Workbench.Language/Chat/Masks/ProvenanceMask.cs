using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Chat.Masks;

/// <summary>
/// Labels by where the text came from, for any template: what the assistant's message supplied is trained, the template's
/// text between two such stretches (the model has to write it, too), what follows the generation prompt, and the token
/// that ends the turn. Headers and everything else are not.
/// </summary>
/// <param name="text">The rendered text.</param>
/// <param name="sources">Where each character came from.</param>
/// <param name="roles">Who speaks in each message.</param>
/// <param name="options">What to leave out.</param>
/// <param name="generationPrompt">What the template writes for add_generation_prompt; empty where unknown.</param>
/// <param name="endOfTurn">Finds the end of the turn behind an answer.</param>
internal sealed class ProvenanceMask(
    string text,
    IReadOnlyList<SourceSpan> sources,
    ChatRoles roles,
    MaskOptions options,
    string generationPrompt,
    EndOfTurnFinder endOfTurn)
{
    private readonly List<TrainedSpan> _spans = [];
    private readonly List<TurnPiece> _pieces = TurnPiece.Split(text, sources, roles);

    /// <summary>Messages whose end of turn was not found.</summary>
    public List<int> WithoutEnd { get; } = [];

    /// <summary>The stretches, in order, without gaps.</summary>
    public List<TrainedSpan> Build()
    {
        for (var i = 0; i < _pieces.Count;)
        {
            i = _pieces[i] is { Kind: not null, MessageIndex: { } message } ? AddTurn(i, message) : AddOther(i);
        }

        AddEmptyTurns();
        return _spans;
    }

    /// <summary>
    /// An answer of no characters leaves nothing that comes from its message, but its end is to be learnt all the same: it
    /// follows the generation prompt at once.
    /// </summary>
    private void AddEmptyTurns()
    {
        var written = _pieces.Where(p => p.Kind is not null).Select(p => p.MessageIndex).ToHashSet();
        var after = 0;
        for (var message = 0; message < roles.Count && generationPrompt.Length > 0; message++)
        {
            if (!roles.IsAssistant(message) || written.Contains(message) || !IsOn(LabelKind.AssistantContent, message))
            {
                continue;
            }

            var start = Math.Max(after, _pieces.FindLast(p => p.MessageIndex < message).End);
            var next = _pieces.FindIndex(p => p.MessageIndex > message);
            var runEnd = next < 0 ? text.Length : _pieces[next].Start;
            var header = start < runEnd ? text.IndexOf(generationPrompt, start, runEnd - start, StringComparison.Ordinal) : -1;
            if (header < 0)
            {
                continue;
            }

            // A template may write a block of reasoning for an answer that has none.
            var answer = header + generationPrompt.Length;
            var thought = ThinkTags.Find(text, answer, runEnd, answer) is [var block, ..] && string.IsNullOrWhiteSpace(text[answer..block.Start]) ? block.End : answer;
            var eos = _pieces.Where(p => p.IsEndToken && p.Start >= answer && p.End <= runEnd).Select(p => ((int, int)?)(p.Start, p.End)).FirstOrDefault();
            if (endOfTurn.Find(thought, runEnd, closes: false, eos) is var (from, to))
            {
                Replace(new TrainedSpan(options.Reasoning ? answer : from, from, LabelKind.AssistantSyntax, true, message));
                Replace(new TrainedSpan(from, to, LabelKind.EndOfTurn, true, message));
                after = to;
            }
        }
    }

    /// <summary>Puts a stretch in the place of what stands there.</summary>
    private void Replace(TrainedSpan span)
    {
        if (span.Start == span.End)
        {
            return;
        }

        var first = _spans.FindIndex(s => s.End > span.Start);
        var last = _spans.FindLastIndex(s => s.Start < span.End);
        var (before, behind) = (_spans[first], _spans[last]);
        _spans.RemoveRange(first, last - first + 1);
        TrainedSpan[] parts = [before with { End = span.Start }, span, behind with { Start = span.End }];
        _spans.InsertRange(first, parts.Where(part => part.Start < part.End));
    }

    private int AddOther(int i)
    {
        var piece = _pieces[i];
        var foreign = piece.MessageIndex is { } message && !roles.IsAssistant(message);
        Add(piece.Start, piece.End, foreign ? LabelKind.OtherRole : LabelKind.Template, trained: false, piece.MessageIndex);
        return i + 1;
    }

    /// <summary>From the first stretch that the message supplied to the last one, before any other message comes up.</summary>
    private int AddTurn(int first, int message)
    {
        var last = first;
        for (var i = first + 1; i < _pieces.Count && (_pieces[i].MessageIndex is null || _pieces[i].MessageIndex == message); i++)
        {
            last = _pieces[i].Kind is null ? last : i;
        }

        var on = Enumerable.Range(first, last - first + 1).Where(i => _pieces[i].Kind is { } kind && IsOn(kind, message)).ToList();
        var (firstOn, lastOn) = on.Count == 0 ? (int.MaxValue, -1) : (on[0], on[^1]);
        if (firstOn == first)
        {
            AddLeadingSyntax(_pieces[first].Start, message, _pieces[first].Kind!.Value);
        }

        for (var i = first; i <= last; i++)
        {
            var piece = _pieces[i];
            var trained = piece.Kind is { } known ? IsOn(known, message) : i > firstOn && i < lastOn && Between(i, message);
            var shown = trained ? piece.Kind ?? LabelKind.AssistantSyntax : piece.Kind is null ? LabelKind.Template : LabelKind.SwitchedOff;
            Add(piece.Start, piece.End, shown, trained, message);
        }

        return on.Count > 0 ? AddEnd(last, message, trainedUpToHere: lastOn == last) : last + 1;
    }

    /// <summary>Template text counts as the model's own only between two stretches that are trained.</summary>
    private bool Between(int i, int message)
    {
        var before = i - 1;
        while (_pieces[before].Kind is null)
        {
            before--;
        }

        var after = i + 1;
        while (_pieces[after].Kind is null)
        {
            after++;
        }

        return IsOn(_pieces[before].Kind!.Value, message) && IsOn(_pieces[after].Kind!.Value, message);
    }

    /// <summary>Text behind the generation prompt and before the message's own: a tool call's opening, a thinking tag.</summary>
    private void AddLeadingSyntax(int start, int message, LabelKind first)
    {
        if (generationPrompt.Length == 0 || _spans.Count == 0)
        {
            return;
        }

        // The header lies behind whatever other message came before.
        var from = _spans.FindLastIndex(s => s.MessageIndex is { } other && other != message);
        var leadStart = from < 0 ? 0 : _spans[from].End;
        var lead = text[leadStart..start];
        var header = HeaderEnd(lead, first);
        if (header < 0 || header == lead.Length)
        {
            return;
        }

        // An empty block of reasoning that the template writes is reasoning, too.
        var cut = leadStart + header;
        if (!options.Reasoning && ThinkTags.Find(text, cut, start, start) is [.., var (_, thought)])
        {
            cut = thought;
        }

        for (var i = _spans.Count - 1; i > from && _spans[i].End > cut; i--)
        {
            var span = _spans[i];
            _spans.RemoveAt(i);
            if (span.Start < cut)
            {
                _spans.Insert(i, span with { End = cut });
            }
        }

        Add(cut, start, LabelKind.AssistantSyntax, trained: true, message);
    }

    /// <summary>Where the generation prompt ends in the text before an answer; -1 where it does not occur.</summary>
    private int HeaderEnd(string lead, LabelKind first)
    {
        var at = lead.LastIndexOf(generationPrompt, StringComparison.Ordinal);
        if (at >= 0)
        {
            return at + generationPrompt.Length;
        }

        // A prompt may go on with a tag that begins the thinking or the text, which another kind of answer does not repeat.
        for (var length = generationPrompt.Length - 1; length >= 4 && first != LabelKind.AssistantContent; length--)
        {
            at = generationPrompt[length] is '<' or '[' ? lead.LastIndexOf(generationPrompt[..length], StringComparison.Ordinal) : -1;
            if (at >= 0)
            {
                return at + length;
            }
        }

        return -1;
    }

    /// <summary>The end of the turn is trained whenever a part of the turn is; the text before it only where it goes on from there.</summary>
    private int AddEnd(int last, int message, bool trainedUpToHere)
    {
        var next = last + 1;
        while (next < _pieces.Count && (_pieces[next].MessageIndex is null || (_pieces[next].MessageIndex == message && _pieces[next].Kind is null)))
        {
            next++;
        }

        var start = _pieces[last].End;
        var runEnd = next < _pieces.Count ? _pieces[next].Start : text.Length;
        var eos = _pieces.Skip(last + 1).Take(next - last - 1).Where(p => p.IsEndToken).Select(p => ((int, int)?)(p.Start, p.End)).FirstOrDefault();
        var end = endOfTurn.Find(start, runEnd, closes: _pieces[last].Kind != LabelKind.AssistantContent, eos);
        if (end is not { } found)
        {
            WithoutEnd.Add(message);
            return last + 1;
        }

        if (found.Start > start)
        {
            Add(start, found.Start, trainedUpToHere ? LabelKind.AssistantSyntax : LabelKind.Template, trainedUpToHere, message);
        }

        Add(found.Start, found.End, LabelKind.EndOfTurn, trained: true, message);
        if (found.End < runEnd)
        {
            Add(found.End, runEnd, LabelKind.Template, trained: false, null);
        }

        return next;
    }

    private bool IsOn(LabelKind kind, int message) =>
        roles.MayTrain(message)
        && (options.Train != TrainOn.LastTurn || message == roles.LastAssistant)
        && (kind != LabelKind.Reasoning || options.Reasoning)
        && (kind != LabelKind.ToolCall || options.ToolCalls);

    private void Add(int start, int end, LabelKind kind, bool trained, int? message)
    {
        if (start < end)
        {
            _spans.Add(new TrainedSpan(start, end, kind, trained, message));
        }
    }
}
