namespace Workbench.Language.Tokenizers.Models;

/// <summary>Tokens by their characters, to find every token that a text begins with.</summary>
internal sealed class PrefixTrie
{
    private readonly MergeTable _edges;
    private readonly List<int> _ids = [-1];

    public PrefixTrie(Vocabulary vocabulary)
    {
        _edges = new MergeTable(vocabulary.Entries.Sum(e => e.Key.Length));
        foreach (var (token, id) in vocabulary.Entries)
        {
            var node = 0;
            foreach (var c in token)
            {
                if (_edges.Find(node, c, out var child) == MergeTable.NoRank)
                {
                    child = _ids.Count;
                    _ids.Add(-1);
                    _edges.Add(node, c, 0, child);
                }

                node = child;
            }

            if (node != 0)
            {
                _ids[node] = id;
            }
        }
    }

    /// <summary>Goes from <paramref name="node"/> (0 at first) over one character.</summary>
    /// <param name="node">The node reached.</param>
    /// <param name="c">The character.</param>
    /// <param name="id">The token that ends there, or -1.</param>
    /// <returns>Whether any token goes on that way.</returns>
    public bool Step(ref int node, char c, out int id)
    {
        if (_edges.Find(node, c, out var child) == MergeTable.NoRank)
        {
            id = -1;
            return false;
        }

        node = child;
        id = _ids[child];
        return true;
    }
}
