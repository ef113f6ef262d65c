namespace Workbench.Language.Tokenizers;

/// <summary>
/// Decodes tokens as they are generated. Text comes out as soon as it is certain: a character whose bytes arrive in
/// several tokens comes out whole, with the last of them.
/// </summary>
/// <param name="tokenizer">Whose tokens they are.</param>
/// <param name="skipSpecialTokens">Leaves special tokens out.</param>
public sealed class StreamingDecoder(Tokenizer tokenizer, bool skipSpecialTokens = false)
{
    // No character has more bytes than four; a longer wait means that the bytes will never form one.
    private const int MaxWaiting = 16;

    // The last tokens that came out stay in front of the waiting ones: what a token says may depend on what precedes
    // it (the first space of a sentencepiece text vanishes, words get a space between them).
    private readonly List<int> _window = [];
    private int _context;
    private string _said = "";

    /// <summary>Takes the next token; returns the text that became certain with it, possibly none.</summary>
    public string Append(int id)
    {
        _window.Add(id);
        var text = tokenizer.Decode(_window, skipSpecialTokens);
        var waits = text.Length <= _said.Length || text.EndsWith('\uFFFD');
        if (waits && _window.Count - _context < MaxWaiting)
        {
            return "";
        }

        return Advance(text);
    }

    /// <summary>The end: returns what was still waiting, broken characters as U+FFFD.</summary>
    public string Finish()
    {
        var text = Advance(tokenizer.Decode(_window, skipSpecialTokens));
        _window.Clear();
        (_context, _said) = (0, "");
        return text;
    }

    private string Advance(string text)
    {
        var delta = text.Length > _said.Length ? text[_said.Length..] : "";
        _window.RemoveRange(0, _context);
        _context = _window.Count;
        _said = tokenizer.Decode(_window, skipSpecialTokens);
        return delta;
    }
}
