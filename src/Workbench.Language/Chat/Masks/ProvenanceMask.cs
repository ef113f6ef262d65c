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

    /// <summary>Messages whose end of turn was not found.</summary>
    public List<int> WithoutEnd { get; } = [];

    /// <summary>The stretches, in order, without gaps.</summary>
    public IReadOnlyList<TrainedSpan> Build()
    {
        for (var i = 0; i < sources.Count;)
        {
            i = sources[i].MessageIndex is { } message && roles.IsAssistant(message) && KindOf(sources[i].Field) is not null
                ? AddTurn(i, message)
                : AddOther(i);
        }

        return _spans;
    }

    private int AddOther(int i)
    {
        var source = sources[i];
        var foreign = source.MessageIndex is { } message && !roles.IsAssistant(message);
        Add(source.Start, source.End, foreign ? LabelKind.OtherRole : LabelKind.Template, trained: false, source.MessageIndex);
        return i + 1;
    }

    /// <summary>From the first stretch that the message supplied to the last one, before any other message comes up.</summary>
    private int AddTurn(int first, int message)
    {
        var last = first;
        for (var i = first + 1; i < sources.Count && (sources[i].MessageIndex is null || sources[i].MessageIndex == message); i++)
        {
            if (sources[i].MessageIndex == message && KindOf(sources[i].Field) is not null)
            {
                last = i;
            }
        }

        var on = Enumerable.Range(first, last - first + 1)
            .Where(i => sources[i].MessageIndex == message && KindOf(sources[i].Field) is { } kind && IsOn(kind, message)).ToList();
        var (firstOn, lastOn) = on.Count == 0 ? (int.MaxValue, -1) : (on[0], on[^1]);
        if (firstOn == first)
        {
            AddLeadingSyntax(sources[first].Start, message, KindOf(sources[first].Field)!.Value);
        }

        for (var i = first; i <= last; i++)
        {
            var source = sources[i];
            var kind = source.MessageIndex == message ? KindOf(source.Field) : null;
            var trained = kind is { } known ? IsOn(known, message) : i > firstOn && i < lastOn && Between(i, message);
            var shown = trained ? kind ?? LabelKind.AssistantSyntax : kind is null ? LabelKind.Template : LabelKind.SwitchedOff;
            Add(source.Start, source.End, shown, trained, message);
        }

        if (lastOn == last)
        {
            var closes = KindOf(sources[last].Field) != LabelKind.AssistantContent;
            return AddEnd(last, message, closes);
        }

        return last + 1;
    }

    /// <summary>Template text counts as the model's own only between two stretches that are trained.</summary>
    private bool Between(int i, int message)
    {
        var before = i - 1;
        while (sources[before].MessageIndex is null || KindOf(sources[before].Field) is null)
        {
            before--;
        }

        var after = i + 1;
        while (sources[after].MessageIndex is null || KindOf(sources[after].Field) is null)
        {
            after++;
        }

        return IsOn(KindOf(sources[before].Field)!.Value, message) && IsOn(KindOf(sources[after].Field)!.Value, message);
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

        var cut = leadStart + header;
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

        // A prompt that opens the thinking by itself is not repeated in front of an answer without any; its header is.
        for (var length = generationPrompt.Length - 1; length >= Math.Max(4, generationPrompt.Length / 3) && first != LabelKind.AssistantContent; length--)
        {
            at = lead.LastIndexOf(generationPrompt[..length], StringComparison.Ordinal);
            if (at >= 0)
            {
                return at + length;
            }
        }

        return -1;
    }

    private int AddEnd(int last, int message, bool closes)
    {
        var next = last + 1;
        while (next < sources.Count && sources[next].MessageIndex is null)
        {
            next++;
        }

        var start = sources[last].End;
        var runEnd = next < sources.Count ? sources[next].Start : text.Length;
        var eos = sources.Skip(last + 1).Take(next - last - 1).FirstOrDefault(s => s.Field == "eos_token");
        var end = endOfTurn.Find(start, runEnd, closes, eos is null ? null : (eos.Start, eos.End));
        if (end is not { } found)
        {
            WithoutEnd.Add(message);
            return last + 1;
        }

        if (found.Start > start)
        {
            Add(start, found.Start, LabelKind.AssistantSyntax, trained: true, message);
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

    /// <summary>What a field of an assistant message is to the mask; null for its role, name and the like.</summary>
    private static LabelKind? KindOf(string? field)
    {
        var end = field?.AsSpan().IndexOfAny('.', '[') ?? -1;
        return (end < 0 ? field : field![..end]) switch
        {
            "content" or "text" => LabelKind.AssistantContent,
            "reasoning_content" or "reasoning" or "thinking" or "thought" => LabelKind.Reasoning,
            "tool_calls" or "function_call" or "tool_call" => LabelKind.ToolCall,
            _ => null,
        };
    }

    private void Add(int start, int end, LabelKind kind, bool trained, int? message)
    {
        if (start < end)
        {
            _spans.Add(new TrainedSpan(start, end, kind, trained, message));
        }
    }
}
