using Workbench.Language.Tokenizers.Loading;
using Workbench.Language.Tokenizers.PostProcessors;

namespace Workbench.Language.Tokenizers;

/// <summary>The <c>padding</c> section of tokenizer.json.</summary>
/// <param name="Length">Tokens that every encoding is filled up to; null: the longest of a batch.</param>
/// <param name="MultipleOf">The length is raised to a multiple of this; null: it stays.</param>
/// <param name="Direction">The side at which is filled.</param>
/// <param name="Id">The id of the filling.</param>
/// <param name="TypeId">Its segment number.</param>
public sealed record Padding(int? Length, int? MultipleOf, Side Direction, int Id, int TypeId)
{
    internal static Padding? Read(ConfigNode node)
    {
        if (node.IsNull)
        {
            return null;
        }

        var strategy = node["strategy"];
        var length = strategy["Fixed"];
        if (length.IsNull && strategy.String() != "BatchLongest")
        {
            throw strategy.Fail("expected \"BatchLongest\" or {\"Fixed\": length}.");
        }

        var multiple = node["pad_to_multiple_of"];
        return new Padding(
            length.IsNull ? null : length.Int(),
            multiple.IsNull ? null : multiple.Int(),
            node["direction"].Choice<Side>(Side.Right),
            node["pad_id"].Int(0),
            node["pad_type_id"].Int(0));
    }

    /// <summary>Fills one encoding, as <c>pad_encodings</c> of tokenizers does; a batch of one is its own longest.</summary>
    internal void Apply(List<EncodingPart> parts)
    {
        var present = parts.Sum(part => part.Ids.Length);
        var wanted = Length ?? present;
        if (MultipleOf is > 0 and var multiple && wanted % multiple is > 0 and var over)
        {
            wanted += multiple - over;
        }

        if (wanted <= present)
        {
            return;
        }

        var filling = new int[wanted - present];
        Array.Fill(filling, Id);
        parts.Insert(Direction == Side.Right ? parts.Count : 0, EncodingPart.Special(filling, TypeId));
    }
}
