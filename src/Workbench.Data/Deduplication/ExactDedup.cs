using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Deduplication;

/// <summary>Keeps the first of rows that say the same. Rows of token ids are compared by their JSON.</summary>
public sealed record ExactDedup : IRowOperator
{
    private const int Batch = 1024;

    [ThreadStatic]
    private static KeyText? s_text;

    /// <summary>What must be equal.</summary>
    public RowPart Part { get; init; } = RowPart.All;

    /// <summary>Case and runs of white space make no difference.</summary>
    public bool Normalize { get; init; } = true;

    /// <inheritdoc/>
    public IEnumerable<Verdict> Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken = default)
    {
        var first = new Dictionary<UInt128, int>();
        var keys = new UInt128[Batch];
        foreach (var batch in rows.Chunk(Batch))
        {
            // Texts are hashed on all cores; who was first is decided in the order of the rows.
            Parallel.For(0, batch.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => keys[i] = Key(batch[i].Row));
            for (var i = 0; i < batch.Length; i++)
            {
                var item = batch[i];
                yield return first.TryAdd(keys[i], item.Number) ? new Verdict(item) : new Verdict(item, $"the same as row {first[keys[i]]}");
            }
        }
    }

    internal UInt128 Key(Row row)
    {
        var turns = RowTurn.Of(row);
        var text = s_text ??= new KeyText();
        foreach (var turn in turns)
        {
            if (Part == RowPart.All || turn.IsAnswer == (Part == RowPart.Answers))
            {
                // Who said it belongs to what was said; the column tells chosen from rejected.
                text.Append(turn.Column).Append('\u0001').Append(turn.Role).Append('\u0002');
                _ = Normalize ? text.AppendNormalized(turn.Text) : text.Append(turn.Text);
                text.Append('\u0003');
            }
        }

        if (turns.TrueForAll(turn => turn.Text.Length == 0))
        {
            text.Append(row.Json.GetRawText()); // token ids
        }
        else if (Part == RowPart.All)
        {
            AppendBesides(text, row.Json);
        }

        return text.Take();
    }

    /// <summary>What makes rows of equal texts different: other calls, thoughts, tools, or another verdict.</summary>
    private static void AppendBesides(KeyText text, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                AppendBesides(text, item);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in value.EnumerateObject())
            {
                if (field.Name is "tools" or "tool_calls" or "reasoning_content" or "thinking" or "label")
                {
                    text.Append(field.Name).Append('\u0001').Append(field.Value.GetRawText()).Append('\u0003');
                }
                else if (field.Name is "messages" or "prompt" or "completion" or "chosen" or "rejected")
                {
                    AppendBesides(text, field.Value);
                }
            }
        }
    }
}
