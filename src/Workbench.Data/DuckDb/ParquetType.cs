using System.Text.Json;

namespace Workbench.Data.DuckDb;

/// <summary>
/// The column type that holds every value seen. DuckDB could infer it, but takes texts that look like dates for dates, which
/// training data must not become.
/// </summary>
internal sealed class ParquetType
{
    /// <summary>More keys than this are data, not structure (tool arguments, for one): such objects stay JSON.</summary>
    private const int MaxFields = 64;

    private readonly Dictionary<string, ParquetType> fields = new(StringComparer.OrdinalIgnoreCase);
    private Kind kind;
    private ParquetType? items;

    private enum Kind
    {
        Null,
        Boolean,
        Integer,
        Double,
        Text,
        List,
        Struct,
        Json,
    }

    /// <summary>Names and types of an object's fields, in the order in which they were first seen.</summary>
    public IEnumerable<(string Name, ParquetType Type)> Fields => fields.Select(pair => (pair.Key, pair.Value));

    /// <summary>Whether every value was an object with few enough keys.</summary>
    public bool IsStruct => kind == Kind.Struct;

    /// <summary>Widens the type so that it holds <paramref name="value"/>.</summary>
    public void Add(JsonElement value)
    {
        var seen = KindOf(value);
        if (seen == Kind.Null || kind == Kind.Json)
        {
            return;
        }

        kind = (kind, seen) switch
        {
            (Kind.Null, _) => seen,
            (Kind.Integer, Kind.Double) or (Kind.Double, Kind.Integer) => Kind.Double,
            _ => kind == seen ? kind : Kind.Json,
        };
        if (kind == Kind.List)
        {
            items ??= new ParquetType();
            foreach (var item in value.EnumerateArray())
            {
                items.Add(item);
            }
        }
        else if (kind == Kind.Struct)
        {
            AddFields(value);
        }
    }

    /// <summary>The type in SQL.</summary>
    public override string ToString() => kind switch
    {
        Kind.Boolean => "BOOLEAN",
        Kind.Integer => "BIGINT",
        Kind.Double => "DOUBLE",
        Kind.List => items + "[]",
        Kind.Struct when fields.Count > 0 => $"STRUCT({string.Join(", ", fields.Select(field => $"\"{field.Key.Replace("\"", "\"\"", StringComparison.Ordinal)}\" {field.Value}"))})",
        Kind.Struct or Kind.Json => "JSON",
        _ => "VARCHAR",
    };

    private void AddFields(JsonElement value)
    {
        foreach (var field in value.EnumerateObject())
        {
            var known = fields.Keys.FirstOrDefault(name => string.Equals(name, field.Name, StringComparison.OrdinalIgnoreCase));
            if ((known is not null && known != field.Name) || (known is null && fields.Count == MaxFields))
            {
                kind = Kind.Json; // SQL knows no case in names
                return;
            }

            if (!fields.TryGetValue(field.Name, out var type))
            {
                fields[field.Name] = type = new ParquetType();
            }

            type.Add(field.Value);
        }
    }

    private static Kind KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => Kind.Boolean,
        JsonValueKind.Number => value.TryGetInt64(out _) ? Kind.Integer : Kind.Double,
        JsonValueKind.String => Kind.Text,
        JsonValueKind.Array => Kind.List,
        JsonValueKind.Object => Kind.Struct,
        _ => Kind.Null,
    };
}
