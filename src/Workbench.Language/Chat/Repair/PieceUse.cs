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

        var whole = first == 0 && last == trained.Length - 1;
        var range = constant ? (first, last + 1) : (0, int.MaxValue);
        Inseparable |= trained[first..last].Contains(false) || (!constant && !whole) || (Trained is { } known && known != range);
        Trained ??= range;
    }
}
