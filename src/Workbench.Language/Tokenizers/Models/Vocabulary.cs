using System.Text.Json;
using Workbench.Language.Tokenizers.Loading;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>Tokens by id and ids by token.</summary>
internal sealed class Vocabulary
{
    /// <summary>Sixteen times the largest vocabulary in use; more is a broken or hostile file.</summary>
    public const int MaxSize = 4_194_304;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly string?[] _tokens;

    private Vocabulary(Dictionary<string, int> ids, string?[] tokens)
    {
        _ids = ids;
        _bySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = tokens;
    }

    /// <summary>How many tokens there are.</summary>
    public int Count => _ids.Count;

    /// <summary>The highest id + 1.</summary>
    public int Size => _tokens.Length;

    public IEnumerable<KeyValuePair<string, int>> Entries => _ids;

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _bySpan.TryGetValue(token, out id);

    public int? IdOf(string? token) => token is not null && _ids.TryGetValue(token, out var id) ? id : null;

    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    /// <summary>Reads <c>{"token": id, …}</c>.</summary>
    public static Vocabulary FromObject(ConfigNode node)
    {
        var count = node.Object().Element.GetPropertyCount();
        CheckSize(node, count);
        var ids = new Dictionary<string, int>(count, StringComparer.Ordinal);
        var highest = -1;
        foreach (var property in node.Element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Number || !property.Value.TryGetInt32(out var id) || id < 0)
            {
                throw node.Fail($"the id of \"{property.Name}\" is no whole number from 0 on.");
            }

            if (id >= MaxSize)
            {
                throw node.Fail($"the id {id} of \"{property.Name}\" exceeds the limit of {MaxSize}.");
            }

            if (!ids.TryAdd(property.Name, id))
            {
                throw node.Fail($"the token \"{property.Name}\" stands there twice. Remove one of the two.");
            }

            highest = Math.Max(highest, id);
        }

        var tokens = new string?[highest + 1];
        foreach (var (token, id) in ids)
        {
            if (tokens[id] is { } other)
            {
                throw node.Fail($"\"{other}\" and \"{token}\" both have the id {id}. Give one of them an id of its own.");
            }

            tokens[id] = token;
        }

        return new Vocabulary(ids, tokens);
    }

    /// <summary>The list's index is the id. A token that stands there twice keeps its last id, as in Hugging Face's Unigram.</summary>
    public static Vocabulary FromList(ConfigNode node, IReadOnlyList<string> list)
    {
        CheckSize(node, list.Count);
        var ids = new Dictionary<string, int>(list.Count, StringComparer.Ordinal);
        for (var id = 0; id < list.Count; id++)
        {
            ids[list[id]] = id;
        }

        return new Vocabulary(ids, [.. list]);
    }

    public static void CheckSize(ConfigNode node, int count)
    {
        if (count > MaxSize)
        {
            throw node.Fail($"a vocabulary of {count} tokens exceeds the limit of {MaxSize}.");
        }
    }
}
