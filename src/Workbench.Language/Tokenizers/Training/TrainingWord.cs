namespace Workbench.Language.Tokenizers.Training;

/// <summary>A word while its tokens are being merged.</summary>
internal sealed class TrainingWord
{
    private readonly int[] _ids;
    private readonly int[] _lengths; // characters of each token
    private int _count;

    private TrainingWord(int[] ids)
    {
        (_ids, _count) = (ids, ids.Length);
        _lengths = new int[ids.Length];
        Array.Fill(_lengths, 1);
    }

    public static TrainingWord Of(string word, Func<char, int> idOf) => new([.. word.Select(idOf)]);

    /// <summary>Adds every pair of neighbours as a change by one.</summary>
    public void AddPairs(List<(BpeTrainer.Pair Pair, int By)> changes)
    {
        for (var i = 1; i < _count; i++)
        {
            changes.Add((new(_ids[i - 1], _ids[i]), 1));
        }
    }

    /// <summary>Joins the pair wherever it stands, from left to right, and says how many of which pairs came and went.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="merged">What it becomes.</param>
    /// <param name="maxLength">A pair whose token would have this many characters or more is not counted, so that it is never merged.</param>
    /// <param name="changes">Receives what changed; not the disappearance of the pair itself.</param>
    public void Merge(BpeTrainer.Pair pair, int merged, int maxLength, List<(BpeTrainer.Pair Pair, int By)> changes)
    {
        var written = 0;
        for (var read = 0; read < _count; read++, written++)
        {
            if (_ids[read] != pair.Left || read + 1 == _count || _ids[read + 1] != pair.Right)
            {
                (_ids[written], _lengths[written]) = (_ids[read], _lengths[read]);
                continue;
            }

            var length = _lengths[read] + _lengths[read + 1];
            if (written > 0)
            {
                changes.Add((new(_ids[written - 1], pair.Left), -1));
                if (_lengths[written - 1] + length < maxLength)
                {
                    changes.Add((new(_ids[written - 1], merged), 1));
                }
            }

            read++;
            if (read + 1 < _count)
            {
                changes.Add((new(pair.Right, _ids[read + 1]), -1));
                if (_lengths[read + 1] + length < maxLength)
                {
                    changes.Add((new(merged, _ids[read + 1]), 1));
                }
            }

            (_ids[written], _lengths[written]) = (merged, length);
        }

        _count = written;
    }
}
