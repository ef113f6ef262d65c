using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services;

/// <summary>A model's tokenizer as its page shows it.</summary>
/// <param name="Components">What it is made of.</param>
/// <param name="VocabularySize">The highest id + 1.</param>
/// <param name="ModelMaxLength">Longest text in tokens according to tokenizer_config.json.</param>
/// <param name="Added">Tokens that are cut out of a text before the model of the tokenizer sees it.</param>
public sealed record TokenizerDescription(TokenizerComponents Components, int VocabularySize, int? ModelMaxLength, IReadOnlyList<AddedTokenEntry> Added);

/// <summary>An added token.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">The text that it stands for.</param>
/// <param name="Special">Left out when decoding.</param>
/// <param name="Uses">bos, eos, pad, unk …, as tokenizer_config.json names it.</param>
/// <param name="Notes">lstrip, rstrip, single_word, normalized, where they hold.</param>
public sealed record AddedTokenEntry(int Id, string Content, bool Special, IReadOnlyList<string> Uses, IReadOnlyList<string> Notes);

/// <summary>A token of the vocabulary.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">As the vocabulary spells it.</param>
/// <param name="Text">What it reads as.</param>
public sealed record VocabularyEntry(int Id, string Token, string Text);

/// <summary>A piece of a text.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">The stretch of the text that it stands for; empty for the later tokens of a character that takes several.</param>
/// <param name="Shared">Whether the other tokenizer has a token of just that stretch.</param>
public sealed record TokenPiece(int Id, string Text, bool Shared);

/// <summary>A text as one tokenizer splits it.</summary>
public sealed record TokenizedSide(int Tokens, IReadOnlyList<TokenPiece> Pieces);

/// <summary>A text as two tokenizers split it.</summary>
/// <param name="Bytes">UTF-8 bytes of the text.</param>
/// <param name="Own">By the model's tokenizer.</param>
/// <param name="Other">By the other; null where none was chosen.</param>
public sealed record TokenizerComparison(int Bytes, TokenizedSide Own, TokenizedSide? Other);

/// <summary>How well tokenizers pack a language.</summary>
/// <param name="Language">The language.</param>
/// <param name="Own">By the model's tokenizer.</param>
/// <param name="Other">By the other one; null where none was chosen.</param>
public sealed record LanguageDensity(string Language, TextDensity Own, TextDensity? Other);

/// <summary>How well one tokenizer packs one text.</summary>
/// <param name="Bytes">UTF-8 bytes of the text.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Unknown">Those of them that stand for text outside the vocabulary: what they stood for is lost.</param>
public sealed record TextDensity(int Bytes, int Tokens, int Unknown)
{
    public double BytesPerToken => (double)Bytes / Math.Max(1, Tokens);
}
