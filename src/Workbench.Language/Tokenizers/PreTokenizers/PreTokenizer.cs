using Workbench.Language.Tokenizers.Models;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.PreTokenizers;

/// <summary>Splits text into the pieces that the model encodes one by one.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Whether every space between two ASCII letters begins a piece, whatever else the text holds.</summary>
    public virtual bool SplitsBeforeWords => false;

    /// <summary>Hands the pieces of <paramref name="text"/> on, in order.</summary>
    public abstract void Split(in Slice text, PieceChain next);
}

/// <summary>
/// The steps that a piece has still ahead, the model being the last. Pieces are pushed through one at a time, so that
/// a document of 100 MB never has all of its pieces in memory.
/// </summary>
internal readonly struct PieceChain(PreTokenizer[] steps, int next, TokenModel model, TokenBuffer output)
{
    /// <summary>Passes a piece on; an empty one is dropped.</summary>
    public void Pass(in Slice piece)
    {
        if (piece.Length == 0)
        {
            return;
        }

        if (next == steps.Length)
        {
            Encode(piece);
        }
        else
        {
            steps[next].Split(piece, new PieceChain(steps, next + 1, model, output));
        }
    }

    private void Encode(in Slice piece)
    {
        if (output.Exit is not { } exit)
        {
            model.Tokenize(piece, output);
        }
        else if (!exit.Reached)
        {
            var first = output.Count;
            model.Tokenize(piece, output);
            exit.AddPiece(first, output.Count);
        }
    }
}
