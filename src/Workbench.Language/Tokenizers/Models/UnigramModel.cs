using System.Buffers;
using System.Text;
using System.Text.Json;
using Workbench.Language.Tokenizers.Loading;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>
/// Unigram language model (Kudo 2018): of all ways to cut a piece into tokens the one whose scores sum highest, found by
/// Viterbi's algorithm.
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    // What sentencepiece subtracts from the lowest score for a character outside the vocabulary.
    private const double UnknownPenalty = 10;

    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int _unknownId;
    private readonly int[]? _fallbackIds;
    private readonly PrefixTrie _trie;

    private UnigramModel(Vocabulary vocabulary, double[] scores, int unknownId, bool byteFallback)
    {
        Vocabulary = vocabulary;
        _scores = scores;
        _unknownId = unknownId;
        _unknownScore = (scores.Length == 0 ? 0 : scores.Min()) - UnknownPenalty;
        _fallbackIds = byteFallback ? [.. Enumerable.Range(0, 256).Select(b => vocabulary.IdOf($"<0x{b:X2}>") ?? -1)] : null;
        _trie = new PrefixTrie(vocabulary);
    }

    public override Vocabulary Vocabulary { get; }

    /// <summary>The unknown token's id, -1 where there is none: such a token says what it covers.</summary>
    public int UnknownId => _unknownId;

    public static UnigramModel Load(ConfigNode node)
    {
        var vocab = node["vocab"];
        if (vocab.Element.ValueKind != JsonValueKind.Array)
        {
            throw vocab.Fail("expected a list of [token, score].");
        }

        Vocabulary.CheckSize(vocab, vocab.Element.GetArrayLength());
        var tokens = new List<string>();
        var scores = new List<double>();
        foreach (var entry in vocab.Element.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2
                || entry[0].ValueKind != JsonValueKind.String || entry[1].ValueKind != JsonValueKind.Number)
            {
                throw TokenizerException.At($"{vocab.Path}[{tokens.Count}]", "expected [token, score].");
            }

            tokens.Add(entry[0].GetString()!);
            scores.Add(entry[1].GetDouble());
        }

        var unknown = node["unk_id"];
        var unknownId = unknown.Int(-1);
        if (!unknown.IsNull && (unknownId < 0 || unknownId >= tokens.Count))
        {
            throw unknown.Fail($"{unknownId} lies outside the vocabulary of {tokens.Count} tokens.");
        }

        return new UnigramModel(Vocabulary.FromList(vocab, tokens), [.. scores], unknownId, node["byte_fallback"].Bool(false));
    }

    private record struct Best(double Score, int Start, int Id);

    public override void Tokenize(in Slice piece, TokenBuffer output)
    {
        var span = piece.Span;
        var best = ArrayPool<Best>.Shared.Rent(span.Length + 1);
        FindBest(span, best);

        // Backwards from the end, runs of unknown characters becoming one; then written forwards.
        var cuts = new Stack<(int Start, int End)>();
        for (var end = span.Length; end > 0;)
        {
            var (_, start, id) = best[end];
            while (id == _unknownId && start > 0 && best[start].Id == _unknownId)
            {
                start = best[start].Start;
            }

            cuts.Push((start, end));
            end = start;
        }

        ArrayPool<Best>.Shared.Return(best);
        foreach (var (start, end) in cuts)
        {
            Write(piece, start, end, output);
        }
    }

    /// <summary>best[i]: the best way to cut the text up to i, by its last token.</summary>
    private void FindBest(ReadOnlySpan<char> text, Best[] best)
    {
        best.AsSpan(0, text.Length + 1).Fill(new Best(0, -1, -1));
        for (int start = 0, units; start < text.Length; start += units)
        {
            units = CodePoints.LengthAt(text, start);
            var sofar = best[start].Score;
            var known = false;
            var node = 0;
            for (var i = start; i < text.Length && _trie.Step(ref node, text[i], out var id); i++)
            {
                if (id >= 0)
                {
                    Offer(ref best[i + 1], sofar + _scores[id], start, id);
                    known |= i + 1 == start + units;
                }
            }

            if (!known)
            {
                if (_unknownId < 0)
                {
                    throw TokenizerException.At("model.unk_id",
                        $"the text holds \"{text.Slice(start, units)}\", which no token covers, and there is no unknown token. Set unk_id.");
                }

                Offer(ref best[start + units], sofar + _unknownScore, start, _unknownId);
            }
        }

        static void Offer(ref Best place, double score, int start, int id)
        {
            if (place.Start < 0 || score > place.Score)
            {
                place = new Best(score, start, id);
            }
        }
    }

    private void Write(in Slice piece, int start, int end, TokenBuffer output)
    {
        var text = piece.Span[start..end];
        var (from, to) = (piece.OriginalStart(start), piece.OriginalEnd(end - 1));
        if (Vocabulary.TryGetId(text, out var id))
        {
            output.Add(id, from, to);
            return;
        }

        if (_fallbackIds is not null)
        {
            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            if (Array.TrueForAll(bytes, b => _fallbackIds[b] >= 0))
            {
                foreach (var b in bytes)
                {
                    output.Add(_fallbackIds[b], from, to);
                }

                return;
            }
        }

        output.AddFound(_unknownId, piece.Part(start, end));
    }
}
