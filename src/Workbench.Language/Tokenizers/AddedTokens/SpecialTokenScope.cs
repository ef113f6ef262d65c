namespace Workbench.Language.Tokenizers.AddedTokens;

/// <summary>Where in a text a special token that is spelled out counts as one.</summary>
internal sealed class SpecialTokenScope
{
    private readonly IReadOnlyList<(int Start, int End)> _plain;

    private SpecialTokenScope(IReadOnlyList<(int Start, int End)> plain) => _plain = plain;

    public static SpecialTokenScope Everywhere { get; } = new([]);

    public static SpecialTokenScope Nowhere { get; } = new([(0, int.MaxValue)]);

    /// <summary>Everywhere but where a single character of the token lies in one of the stretches.</summary>
    /// <param name="plain">UTF-16 stretches of the text, in order, none overlapping another.</param>
    public static SpecialTokenScope Outside(IReadOnlyList<(int Start, int End)> plain) => new(plain);

    public bool Allows(int start, int end)
    {
        // The first stretch that ends behind the start is the only one that can begin too early.
        int low = 0, high = _plain.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _plain[middle].End <= start ? (middle + 1, high) : (low, middle);
        }

        return low == _plain.Count || _plain[low].Start >= end;
    }
}
