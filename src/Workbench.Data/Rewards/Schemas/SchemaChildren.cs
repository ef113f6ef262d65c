using System.Globalization;
using System.Text.Json;

namespace Workbench.Data.Rewards.Schemas;

/// <summary>The parts of a value that a keyword speaks of, each with its schema.</summary>
internal static class SchemaChildren
{
    public static IEnumerable<(JsonElement Schema, JsonElement Value, string Place)> Of(
        JsonElement schema, string keyword, JsonElement argument, JsonElement value, string place) => (keyword, value.ValueKind) switch
        {
            ("properties", JsonValueKind.Object) => argument.EnumerateObject()
                .Where(property => value.TryGetProperty(property.Name, out _))
                .Select(property => (property.Value, value.GetProperty(property.Name), $"{place}.{property.Name}")),
            ("additionalProperties", JsonValueKind.Object) => value.EnumerateObject()
                .Where(field => !schema.TryGetProperty("properties", out var named) || !named.TryGetProperty(field.Name, out _))
                .Select(field => (argument, field.Value, $"{place}.{field.Name}")),
            ("prefixItems", JsonValueKind.Array) => argument.EnumerateArray().Zip(value.EnumerateArray())
                .Select((pair, i) => (pair.First, pair.Second, Indexed(place, i))),
            ("items", JsonValueKind.Array) => value.EnumerateArray().Select((item, i) => (argument, item, Indexed(place, i)))
                .Skip(schema.TryGetProperty("prefixItems", out var prefix) ? prefix.GetArrayLength() : 0),
            _ => [],
        };

    private static string Indexed(string place, int index) => string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]");
}
