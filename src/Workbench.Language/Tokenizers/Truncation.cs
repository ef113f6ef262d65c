using Workbench.Language.Tokenizers.Loading;
using Workbench.Language.Tokenizers.PostProcessors;

namespace Workbench.Language.Tokenizers;

/// <summary>Which text of a pair gives way: <c>longest_first</c>, <c>only_first</c> or <c>only_second</c> of transformers.</summary>
public enum TruncationStrategy
{
    LongestFirst,
    OnlyFirst,
    OnlySecond,
}

/// <summary>A side of a text.</summary>
public enum Side
{
    Right,
    Left,
}

/// <summary>The <c>truncation</c> section of tokenizer.json.</summary>
/// <param name="MaxLength">Tokens that may remain, those that the post-processor adds included.</param>
/// <param name="Strategy">Which text of a pair gives way.</param>
/// <param name="Direction">The side at which tokens are cut off.</param>
public sealed record Truncation(int MaxLength, TruncationStrategy Strategy, Side Direction)
{
    internal static Truncation? Read(ConfigNode node) => node.IsNull ? null : new Truncation(
        node["max_length"].Int() is >= 0 and var length ? length : throw node["max_length"].Fail("expected 0 or more."),
        node["strategy"].Choice<TruncationStrategy>(TruncationStrategy.LongestFirst),
        node["direction"].Choice<Side>(Side.Right));

    /// <summary>Shortens one text, or a pair of them, as <c>truncate_encodings</c> of tokenizers does.</summary>
    internal void Apply(List<EncodingPart> parts, int addedTokens)
    {
        var most = Math.Max(0, MaxLength - addedTokens);
        var total = parts.Sum(part => part.Ids.Length);
        if (total <= most)
        {
            return;
        }

        if (Strategy == TruncationStrategy.LongestFirst)
        {
            var (first, second) = parts.Count == 1 ? (most, 0) : Share(parts[0].Ids.Length, parts[1].Ids.Length, most);
            Cut(parts, 0, first);
            if (parts.Count > 1)
            {
                Cut(parts, 1, second);
            }

            return;
        }

        var which = Strategy == TruncationStrategy.OnlyFirst ? 0 : 1;
        var rest = which < parts.Count ? parts[which].Ids.Length - (total - most) : 0;
        if (rest <= 0 && most > 0)
        {
            throw TokenizerException.At(
                "truncation.strategy",
                which < parts.Count
                    ? $"{Strategy} cannot bring the text down to {MaxLength} tokens. Raise max_length, or choose LongestFirst."
                    : "OnlySecond needs a pair of texts. Choose LongestFirst.");
        }

        Cut(parts, which, Math.Max(0, rest));
    }

    /// <summary>How many tokens each of a pair keeps: the longer one gives way until both are equally long.</summary>
    private static (int First, int Second) Share(int first, int second, int most)
    {
        var (shorter, longer) = first > second ? (second, first) : (first, second);
        longer = shorter > most ? shorter : Math.Max(shorter, most - shorter);
        if (shorter + longer > most)
        {
            shorter = most / 2;
            longer = shorter + (most % 2);
        }

        return first > second ? (longer, shorter) : (shorter, longer);
    }

    private void Cut(List<EncodingPart> parts, int index, int length)
    {
        var part = parts[index];
        if (part.Ids.Length > length)
        {
            parts[index] = Direction == Side.Right ? part.Cut(0, length) : part.Cut(part.Ids.Length - length, part.Ids.Length);
        }
    }
}
