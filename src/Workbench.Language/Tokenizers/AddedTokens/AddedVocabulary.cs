using Workbench.Language.Tokenizers.Models;
using Workbench.Language.Tokenizers.Normalizers;
using Workbench.Language.Tokenizers.Patterns;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.AddedTokens;

/// <summary>The added tokens of a tokenizer, and how they are cut out of a text.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<string, AddedToken> _byContent = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly Dictionary<int, string> _decoded = [];
    private readonly HashSet<string> _special = new(StringComparer.Ordinal);
    private readonly TokenTrie _raw;
    private readonly TokenTrie _normalized;

    /// <param name="tokens">As listed in tokenizer.json. Their ids there are not trusted: like Hugging Face, a token that
    /// the model knows has the model's id and any other the next free one.</param>
    /// <param name="model">The model's vocabulary.</param>
    /// <param name="normalizer">Applied to the content of normalized tokens.</param>
    public AddedVocabulary(IEnumerable<AddedToken> tokens, Vocabulary model, Normalizer? normalizer)
    {
        var highest = -1;
        foreach (var listed in tokens)
        {
            if (listed.Content.Length == 0)
            {
                continue;
            }

            if (listed.Special)
            {
                _special.Add(listed.Content);
            }

            var id = _byContent.GetValueOrDefault(listed.Content)?.Id ?? model.IdOf(listed.Content)
                ?? (highest >= model.Count || (model.Count == 0 && highest >= 0) ? highest + 1 : model.Count);
            var token = listed with { Id = id };
            _byContent[token.Content] = token;
            _byId[id] = token;
            _decoded[id] = token.Normalized ? Normalize(token.Content) : token.Content;
            highest = Math.Max(highest, id);
        }

        Tokens = [.. _byId.Values.OrderBy(t => t.Id)];
        _raw = new TokenTrie(Tokens.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        _normalized = new TokenTrie(Tokens.Where(t => t.Normalized).Select(t => (Normalize(t.Content), t)));

        string Normalize(string content) =>
            normalizer is null ? content : normalizer.Normalize(new AlignedText(content).Whole()).Span.ToString();
    }

    /// <summary>All added tokens, by id.</summary>
    public IReadOnlyList<AddedToken> Tokens { get; }

    public AddedToken? ById(int id) => _byId.GetValueOrDefault(id);

    /// <summary>What decoding writes for the id: a normalized token comes out as it was looked for. Null for other ids.</summary>
    public string? Decoded(int id) => _decoded.GetValueOrDefault(id);

    public AddedToken? ByContent(string content) => _byContent.GetValueOrDefault(content);

    public bool IsSpecial(string content) => _special.Contains(content);

    /// <summary>
    /// Cuts added tokens out of the text, normalizes what lies between and looks there for the normalized ones.
    /// </summary>
    public IEnumerable<(AddedToken? Token, Slice Text)> Split(Slice text, Normalizer? normalizer, SpecialTokenScope special)
    {
        var cuts = new Cuts(this, _raw, special);
        while (cuts.MoveNext(text))
        {
            var part = text.Part(cuts.Start, cuts.End);
            if (cuts.Token is not null)
            {
                yield return (cuts.Token, part);
                continue;
            }

            var normalized = normalizer is null ? part : normalizer.Normalize(part);
            var inner = new Cuts(this, _normalized, special);
            while (inner.MoveNext(normalized))
            {
                yield return (inner.Token, normalized.Part(inner.Start, inner.End));
            }
        }
    }

    /// <summary>Walks over a text: a token, or text between tokens, at each step.</summary>
    private struct Cuts(AddedVocabulary vocabulary, TokenTrie trie, SpecialTokenScope special)
    {
        private int _covered;
        private int _search;
        private AddedToken? _found;
        private int _foundStart;
        private int _foundEnd;

        public AddedToken? Token { get; private set; }

        public int Start { get; private set; }

        public int End { get; private set; }

        public bool MoveNext(Slice text)
        {
            if (_found is null && !Search(text))
            {
                (Token, Start, End) = (null, _covered, text.Length);
                _covered = text.Length;
                return Start < End;
            }

            if (_covered < _foundStart)
            {
                (Token, Start, End) = (null, _covered, _foundStart);
                _covered = _foundStart;
                return true;
            }

            (Token, Start, End) = (_found, _foundStart, _foundEnd);
            _covered = _foundEnd;
            _found = null;
            return true;
        }

        private bool Search(Slice slice)
        {
            var text = slice.Span;
            while (trie.Find(text, _search, out var start, out var end) is { } token)
            {
                _search = end;
                if ((vocabulary.IsSpecial(token.Content) && !special.Allows(slice.OriginalStart(start), slice.OriginalEnd(end - 1))) || (token.SingleWord && TouchesWord(text, start, end)))
                {
                    continue;
                }

                if (token.LeftStrip)
                {
                    start = Math.Max(start, _covered);
                    while (start > _covered && CodePoints.IsWhiteSpace(text[start - 1]))
                    {
                        start--;
                    }
                }

                if (token.RightStrip)
                {
                    while (end < text.Length && CodePoints.IsWhiteSpace(text[end]))
                    {
                        end++;
                    }
                }

                if (start >= end)
                {
                    continue; // nothing is left of it: the previous token took this white space along
                }

                (_found, _foundStart, _foundEnd) = (token, start, end);
                return true;
            }

            _search = text.Length;
            return false;
        }

        private static bool TouchesWord(ReadOnlySpan<char> text, int start, int end) =>
            (start > 0 && NamedSets.RustWord.Contains(CodePoints.Before(text, start)))
            || (end < text.Length && NamedSets.RustWord.Contains(CodePoints.At(text, end)));
    }
}
