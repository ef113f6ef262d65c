using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Workbench.Data.Filters;

namespace Workbench.Data.Deduplication;

/// <summary>Keeps the first of rows that say the same. Rows of token ids are compared by their JSON.</summary>
public sealed record ExactDedup : IRowOperator
{
    /// <summary>What must be equal.</summary>
    public RowPart Part { get; init; } = RowPart.All;

    /// <summary>Case and runs of white space make no difference.</summary>
    public bool Normalize { get; init; } = true;

    /// <inheritdoc/>
    public IEnumerable<Verdict> Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken = default)
    {
        var first = new Dictionary<UInt128, int>();
        foreach (var item in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = Key(item);
            if (first.TryAdd(key, item.Number))
            {
                yield return new Verdict(item);
            }
            else
            {
                yield return new Verdict(item, $"the same as row {first[key]}");
            }
        }
    }

    private UInt128 Key(RowItem item)
    {
        var turns = RowTurn.Of(item.Row);
        var text = new StringBuilder();
        foreach (var turn in turns)
        {
            if (Part == RowPart.All || turn.IsAnswer == (Part == RowPart.Answers))
            {
                // Who said it belongs to what was said; the column tells chosen from rejected.
                text.Append(turn.Column).Append('\u0001').Append(turn.Role).Append('\u0002').Append(Normalize ? Normalized(turn.Text) : turn.Text).Append('\u0003');
            }
        }

        if (turns.Count == 0 || turns.TrueForAll(turn => turn.Text.Length == 0) || item.Row.Json.TryGetProperty("tools", out _))
        {
            text.Append(item.Row.Json.GetRawText()); // calls and ids are not in the turns' texts
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static string Normalized(string text) =>
        string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
