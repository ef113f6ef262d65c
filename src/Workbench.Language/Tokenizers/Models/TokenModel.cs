using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>Turns a piece of text into token ids.</summary>
internal abstract class TokenModel
{
    /// <summary>Appends the tokens of a piece that is not empty.</summary>
    public abstract void Tokenize(in Slice piece, TokenBuffer output);

    /// <summary>The vocabulary, both ways.</summary>
    public abstract Vocabulary Vocabulary { get; }
}
