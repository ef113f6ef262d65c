using System.Buffers;

namespace Workbench.Language.Tokenizers.AddedTokens;

/// <summary>Finds the leftmost, and there the longest, of many literal texts in one pass.</summary>
internal sealed class TokenTrie
{
    private readonly Dictionary<(int Node, char Next), int> _edges = [];
    private readonly List<AddedToken?> _tokens = [null];
    private readonly SearchValues<char> _firsts;

    /// <param name="entries">What to look for, and the token that it means. The first of two equal texts wins.</param>
    public TokenTrie(IEnumerable<(string Text, AddedToken Token)> entries)
    {
        var firsts = new HashSet<char>();
        foreach (var (text, token) in entries)
        {
            if (text.Length == 0)
            {
                continue;
            }

            firsts.Add(text[0]);
            var node = 0;
            foreach (var c in text)
            {
                if (!_edges.TryGetValue((node, c), out var child))
                {
                    child = _tokens.Count;
                    _tokens.Add(null);
                    _edges[(node, c)] = child;
                }

                node = child;
            }

            _tokens[node] ??= token;
        }

        _firsts = SearchValues.Create([.. firsts]);
        IsEmpty = firsts.Count == 0;
    }

    public bool IsEmpty { get; }

    /// <summary>The first match at or after <paramref name="from"/>; null where there is none.</summary>
    public AddedToken? Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start++)
        {
            var skip = text[start..].IndexOfAny(_firsts);
            if (skip < 0)
            {
                break;
            }

            start += skip;
            AddedToken? longest = null;
            end = start;
            var node = 0;
            for (var i = start; i < text.Length && _edges.TryGetValue((node, text[i]), out node); i++)
            {
                if (_tokens[node] is { } token)
                {
                    longest = token;
                    end = i + 1;
                }
            }

            if (longest is not null)
            {
                return longest;
            }
        }

        (start, end) = (text.Length, text.Length);
        return null;
    }
}
