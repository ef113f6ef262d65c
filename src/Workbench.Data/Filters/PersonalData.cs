using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>Finds personal data and secrets; removes the rows that hold any, or writes a placeholder such as [EMAIL] in their place.</summary>
public sealed record PersonalData : IRowOperator
{
    /// <summary>What is looked for; <see cref="PersonalDataFinder.Kinds"/> by default.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = PersonalDataFinder.Kinds;

    /// <summary>Replace what was found rather than remove the row.</summary>
    public bool Redact { get; init; } = true;

    /// <inheritdoc/>
    public IEnumerable<Verdict> Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken = default)
    {
        var unknown = Kinds.Except(PersonalDataFinder.Kinds).ToArray();
        if (unknown.Length > 0)
        {
            throw new OperatorException($"pii: there is no kind {string.Join(", ", unknown)}. There are: {string.Join(", ", PersonalDataFinder.Kinds)}.");
        }

        var finder = new PersonalDataFinder(Kinds);
        return rows.Select(item =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Judge(item, finder);
        });
    }

    private Verdict Judge(RowItem item, PersonalDataFinder finder)
    {
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in Strings(item.Row.Json))
        {
            finder.Count(text, found);
        }

        if (found.Count == 0)
        {
            return new Verdict(item);
        }

        var what = string.Join(", ", found.Select(pair => $"{pair.Value} {pair.Key}"));
        if (!Redact)
        {
            return new Verdict(item, $"holds {what}");
        }

        var json = JsonSerializer.SerializeToElement(Redacted(item.Row.Json, finder));
        return new Verdict(item with { Row = item.Row with { Json = json } }, Change: $"redacted {what}");
    }

    private static IEnumerable<string> Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(field => Strings(field.Value)),
        _ => [],
    };

    private static JsonNode? Redacted(JsonElement value, PersonalDataFinder finder) => value.ValueKind switch
    {
        JsonValueKind.String => finder.Redact(value.GetString()!),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => Redacted(item, finder))]),
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, Redacted(field.Value, finder)))),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };
}
