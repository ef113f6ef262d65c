namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>Something to look for in text: a literal, a class of characters, a regular expression.</summary>
internal abstract class TextPattern
{
    /// <summary>
    /// Finds the first match at or after <paramref name="from"/>. A match may be empty; <see cref="Matches"/> sees to it
    /// that an iteration moves on.
    /// </summary>
    public abstract bool Find(ReadOnlySpan<char> text, int from, out int start, out int end);

    /// <summary>Iterates over stretches of the text, in order and without gaps, each a match or what lies between.</summary>
    public MatchEnumerator Matches(ReadOnlySpan<char> text) => new(this, text);
}

/// <summary>Covers a text with matches and the gaps between them, as Hugging Face's <c>Pattern::find_matches</c> does.</summary>
internal ref struct MatchEnumerator(TextPattern pattern, ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _covered;
    private int _search;
    private int _lastEnd = -1;
    private int _matchStart = -1;
    private int _matchEnd;

    public int Start { get; private set; }

    public int End { get; private set; }

    public bool IsMatch { get; private set; }

    public bool MoveNext()
    {
        if (_matchStart < 0 && !FindNext())
        {
            if (_covered >= _text.Length)
            {
                return false;
            }

            (Start, End, IsMatch) = (_covered, _text.Length, false);
            _covered = _text.Length;
            return true;
        }

        if (_matchStart > _covered)
        {
            (Start, End, IsMatch) = (_covered, _matchStart, false);
            _covered = _matchStart;
            return true;
        }

        (Start, End, IsMatch) = (_matchStart, _matchEnd, true);
        _covered = _matchEnd;
        _matchStart = -1;
        return true;
    }

    private bool FindNext()
    {
        while (_search <= _text.Length && pattern.Find(_text, _search, out var start, out var end))
        {
            if (start == end && end == _lastEnd)
            {
                // An empty match right after the previous one is no match; step over one character.
                _search = end >= _text.Length ? _text.Length + 1 : end + Text.CodePoints.LengthAt(_text, end);
                continue;
            }

            (_matchStart, _matchEnd) = (start, end);
            _lastEnd = end;
            _search = end;
            return true;
        }

        _search = _text.Length + 1;
        return false;
    }
}
