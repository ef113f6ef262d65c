namespace Workbench.Language.Tokenizers;

/// <summary>
/// Where the official library stops encoding a text whose length is limited (since 0.23): behind the piece with which the model
/// has given as many tokens as may remain, counted from the side that is kept. Of a pair, each text is limited by itself before
/// the two share the length, so that it shows in which of them counts as the longer one.
/// </summary>
internal sealed class EarlyExit(Truncation truncation)
{
    private readonly List<int> _pieces = []; // the token with which each piece of the model's begins

    /// <summary>Whether what follows is left out.</summary>
    public bool Reached { get; private set; }

    /// <summary>Notes a piece that the model has encoded.</summary>
    public void AddPiece(int firstToken, int tokensSoFar)
    {
        if (truncation.Direction == Side.Left)
        {
            _pieces.Add(firstToken);
        }
        else
        {
            Reached = tokensSoFar >= truncation.MaxLength;
        }
    }

    /// <summary>The first token that remains.</summary>
    public int First(int tokens)
    {
        var piece = _pieces.FindLastIndex(first => tokens - first >= truncation.MaxLength);
        return piece < 0 ? 0 : _pieces[piece];
    }
}
