namespace Workbench.Learning.Generation;

/// <summary>Finds stop texts in a stream: what may be the beginning of one is held back until it is known.</summary>
internal sealed class StopText(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>True once a stop text came; nothing is released any more.</summary>
    public bool Found => Match is not null;

    /// <summary>The stop text that came first; null before one did.</summary>
    public string? Match { get; private set; }

    /// <summary>Adds text and returns what is now certain to belong to the answer.</summary>
    public string Push(string text)
    {
        if (Found || stops.Count == 0)
        {
            return Found ? "" : text;
        }

        _held += text;
        Match = stops.Where(stop => _held.Contains(stop, StringComparison.Ordinal)).MinBy(stop => _held.IndexOf(stop, StringComparison.Ordinal));
        if (Match is not null)
        {
            return Take(_held.IndexOf(Match, StringComparison.Ordinal));
        }

        return Take(_held.Length - stops.Max(LongestBeginning));
    }

    /// <summary>What was held back when the stream ends.</summary>
    public string Flush() => Found ? "" : Take(_held.Length);

    /// <summary>Length of the longest beginning of <paramref name="stop"/> that the held text ends with.</summary>
    private int LongestBeginning(string stop)
    {
        for (var length = Math.Min(stop.Length - 1, _held.Length); length > 0; length--)
        {
            if (_held.AsSpan(_held.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }

    private string Take(int count)
    {
        var taken = _held[..count];
        _held = _held[count..];
        return taken;
    }
}
