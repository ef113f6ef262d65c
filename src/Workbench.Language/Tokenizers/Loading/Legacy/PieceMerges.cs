namespace Workbench.Language.Tokenizers.Loading.Legacy;

/// <summary>Two tokens that together are a third.</summary>
internal readonly record struct PieceMerge(string Left, string Right, string Whole);

/// <summary>Works out merges where a vocabulary has none: each way to put a token together from two others.</summary>
internal static class PieceMerges
{
    /// <summary>
    /// The merges of each token in turn; those of one token by the ids of their parts, as in transformers'
    /// <c>generate_merges</c>. The caller sorts them by rank or score.
    /// </summary>
    public static IEnumerable<PieceMerge> Of(Dictionary<string, int> ids)
    {
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var local = new List<(int Left, int Right, int Split)>();
        foreach (var token in ids.Keys)
        {
            local.Clear();
            for (var split = 1; split < token.Length; split++)
            {
                if (!char.IsLowSurrogate(token[split])
                    && lookup.TryGetValue(token.AsSpan(0, split), out var left) && lookup.TryGetValue(token.AsSpan(split), out var right))
                {
                    local.Add((left, right, split));
                }
            }

            local.Sort();
            foreach (var (_, _, split) in local)
            {
                yield return new PieceMerge(token[..split], token[split..], token);
            }
        }
    }
}
