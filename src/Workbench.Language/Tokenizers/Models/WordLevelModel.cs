using Workbench.Language.Tokenizers.Loading;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>A token for each whole word.</summary>
internal sealed class WordLevelModel(ConfigNode node) : TokenModel
{
    private readonly string _unknownToken = node["unk_token"].OptionalString() ?? "<unk>";

    public override Vocabulary Vocabulary { get; } = Vocabulary.FromObject(node["vocab"]);

    public override void Tokenize(in Slice piece, TokenBuffer output)
    {
        if (!Vocabulary.TryGetId(piece.Span, out var id))
        {
            id = Vocabulary.IdOf(_unknownToken) ?? throw TokenizerException.At(
                "model.unk_token", $"\"{_unknownToken}\" is needed for text outside the vocabulary, but is no token itself. Add it to the vocabulary.");
        }

        output.Add(id, piece.OriginalStart(0), piece.OriginalEnd(piece.Length - 1));
    }
}
