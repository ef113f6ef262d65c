using Workbench.Language.Tokenizers.Loading;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>WordPiece (Schuster and Nakajima 2012) as BERT applies it: the longest token first, over and over.</summary>
internal sealed class WordPieceModel : TokenModel
{
    private readonly string _unknownToken;
    private readonly string _prefix;
    private readonly int _maxCharacters;
    private readonly int _longestToken;

    public WordPieceModel(ConfigNode node)
    {
        Vocabulary = Vocabulary.FromObject(node["vocab"]);
        _unknownToken = node["unk_token"].OptionalString() ?? "[UNK]";
        _prefix = node["continuing_subword_prefix"].OptionalString() ?? "##";
        _maxCharacters = node["max_input_chars_per_word"].Int(100);
        _longestToken = Vocabulary.Entries.Select(e => e.Key.Length).DefaultIfEmpty(0).Max();
    }

    public override Vocabulary Vocabulary { get; }

    public override void Tokenize(in Slice piece, TokenBuffer output)
    {
        var span = piece.Span;
        var tokens = new List<(int Id, int Start, int End)>();
        var tooLong = false;
        if (span.Length > _maxCharacters)
        {
            var count = 0;
            for (var i = 0; i < span.Length; i += CodePoints.LengthAt(span, i))
            {
                count++;
            }

            tooLong = count > _maxCharacters;
        }

        for (var start = 0; !tooLong && start < span.Length;)
        {
            var (id, end) = Longest(span, start);
            if (end < 0)
            {
                tooLong = true;
                break;
            }

            tokens.Add((id, start, end));
            start = end;
        }

        if (tooLong)
        {
            var unknown = Vocabulary.IdOf(_unknownToken) ?? throw TokenizerException.At(
                "model.unk_token", $"\"{_unknownToken}\" is needed for text outside the vocabulary, but is no token itself. Add it to the vocabulary.");
            output.Add(unknown, piece.OriginalStart(0), piece.OriginalEnd(span.Length - 1));
            return;
        }

        foreach (var (id, start, end) in tokens)
        {
            output.Add(id, piece.OriginalStart(start), piece.OriginalEnd(end - 1));
        }
    }

    private (int Id, int End) Longest(ReadOnlySpan<char> text, int start)
    {
        var prefix = start > 0 ? _prefix : "";
        var most = Math.Min(text.Length - start, Math.Max(0, _longestToken - prefix.Length));
        Span<char> candidate = prefix.Length + most <= 512 ? stackalloc char[512] : new char[prefix.Length + most];
        prefix.CopyTo(candidate);
        text.Slice(start, most).CopyTo(candidate[prefix.Length..]);
        for (var length = most; length > 0; length--)
        {
            if (Vocabulary.TryGetId(candidate[..(prefix.Length + length)], out var id))
            {
                return (id, start + length);
            }
        }

        return (-1, -1);
    }
}
