using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Chat.Masks;

/// <summary>A stretch of the rendering (UTF-16) of one origin and, in the assistant's messages, one kind.</summary>
/// <param name="Start">First character.</param>
/// <param name="End">One past the last.</param>
/// <param name="MessageIndex">The message whose data it is.</param>
/// <param name="Kind">What it is to the mask; null for all but what the assistant says, thinks or calls.</param>
/// <param name="IsEndToken">Whether the template wrote eos_token here.</param>
internal readonly record struct TurnPiece(int Start, int End, int? MessageIndex, LabelKind? Kind, bool IsEndToken)
{
    /// <summary>Cuts a rendering by origin, and the assistant's content further by the tags of its reasoning.</summary>
    public static List<TurnPiece> Split(string text, IReadOnlyList<SourceSpan> sources, ChatRoles roles)
    {
        var pieces = new List<TurnPiece>(sources.Count);
        var (turnStart, lastEnd, current) = (0, 0, -1);
        List<(int Start, int End)>? reasoning = null;
        for (var i = 0; i < sources.Count; i++)
        {
            var source = sources[i];
            if (source.MessageIndex is not { } message)
            {
                pieces.Add(new TurnPiece(source.Start, source.End, null, null, source.Field == "eos_token"));
                continue;
            }

            if (message != current)
            {
                (turnStart, current, reasoning) = (lastEnd, message, null);
            }

            lastEnd = source.End;
            var kind = roles.IsAssistant(message) ? KindOf(source.Field) : null;
            if (kind == LabelKind.AssistantContent)
            {
                reasoning ??= ThinkTags.Find(text, turnStart, TurnEnd(sources, i, message), source.Start);
                Cut(pieces, source, reasoning);
            }
            else
            {
                pieces.Add(new TurnPiece(source.Start, source.End, message, kind, false));
            }
        }

        return pieces;
    }

    /// <summary>What a field of an assistant message is to the mask; null for its role, name and the like.</summary>
    private static LabelKind? KindOf(string? field)
    {
        if (field is null)
        {
            return null;
        }

        var root = field.AsSpan().IndexOfAny('.', '[');
        return (root < 0 ? field : field[..root]) switch
        {
            "content" or "text" when IsReasoning(field[(field.LastIndexOf('.') + 1)..]) => LabelKind.Reasoning,
            "content" or "text" => LabelKind.AssistantContent,
            "tool_calls" or "function_call" or "tool_call" => LabelKind.ToolCall,
            var name when IsReasoning(name) => LabelKind.Reasoning,
            _ => null,
        };
    }

    private static bool IsReasoning(string name) => name is "reasoning_content" or "reasoning" or "thinking" or "thought";

    private static int TurnEnd(IReadOnlyList<SourceSpan> sources, int i, int message)
    {
        var end = sources[i].End;
        for (var next = i + 1; next < sources.Count && (sources[next].MessageIndex is null || sources[next].MessageIndex == message); next++)
        {
            end = sources[next].MessageIndex is null ? end : sources[next].End;
        }

        return end;
    }

    private static void Cut(List<TurnPiece> pieces, SourceSpan source, List<(int Start, int End)> reasoning)
    {
        var at = source.Start;
        foreach (var (start, end) in reasoning.Where(r => r.End > source.Start && r.Start < source.End))
        {
            Add(at, start, LabelKind.AssistantContent);
            Add(Math.Max(at, start), Math.Min(end, source.End), LabelKind.Reasoning);
            at = Math.Max(at, Math.Min(end, source.End));
        }

        Add(at, source.End, LabelKind.AssistantContent);

        void Add(int start, int end, LabelKind kind)
        {
            if (start < end)
            {
                pieces.Add(new TurnPiece(start, end, source.MessageIndex, kind, false));
            }
        }
    }
}
