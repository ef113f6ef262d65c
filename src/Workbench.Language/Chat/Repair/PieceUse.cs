namespace Workbench.Language.Chat.Repair;

/// <summary>What conversations show about one piece: whether the assistant says what it writes.</summary>
internal sealed class PieceUse
{
    /// <summary>The stretch of the piece that is trained, where any is.</summary>
    public (int Start, int End)? Trained { get; private set; }

    /// <summary>Whether it was also seen to write what is not trained, in another role's turn for example.</summary>
    public bool AlsoUntrained { get; private set; }

    /// <summary>Whether it writes trained and other text in a way that no tag inside the template can tell apart.</summary>
    public bool Inseparable { get; private set; }

    /// <summary>Takes note of one time that the piece wrote something.</summary>
    /// <param name="trained">For each character whether it is trained.</param>
    /// <param name="constant">Whether the piece always writes the same.</param>
    public void Note(ReadOnlySpan<bool> trained, bool constant)
    {
        if (trained.IsEmpty)
        {
            return;
        }

        var (first, last) = (trained.IndexOf(true), trained.LastIndexOf(true));
        if (first < 0)
        {
            AlsoUntrained = true;
            return;
        }

        var range = constant ? (Start: first, End: last + 1) : (Start: 0, End: int.MaxValue);
        Inseparable |= trained[first..last].Contains(false) || (!constant && last - first + 1 < trained.Length);

        // A constant may begin in a header once and in the middle of an answer another time: what came first, plain answers, counts.
        Trained ??= range;
    }
}
