using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Workbench.Data.Rewards.Schemas;

/// <summary>
/// The part of JSON Schema (draft 2020-12) that structured output uses: types, enum, const, bounds, lengths, pattern, properties, items,
/// combinations, local references. Any other keyword that would constrain is refused, not ignored: a reward must not say yes to what it did not check.
/// </summary>
public sealed class JsonSchema
{
    private const int MaxDepth = 64;

    private static readonly HashSet<string> Annotations =
        ["$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "format", "deprecated", "readOnly", "writeOnly", "strict", "optional"];

    private static readonly HashSet<string> Checked =
    [
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
        "minItems", "maxItems", "uniqueItems", "items", "prefixItems", "contains", "properties", "required", "additionalProperties", "minProperties", "maxProperties",
        "anyOf", "oneOf", "allOf", "not", "$ref", "if", "then", "else",
    ];

    private readonly JsonElement root;

    /// <param name="schema">The schema.</param>
    /// <exception cref="RewardException">It is none, or uses what is not checked.</exception>
    public JsonSchema(JsonElement schema)
    {
        root = schema;
        Check(schema, "$", 0);
    }

    /// <summary>The first place where <paramref name="value"/> is not what the schema says; null when it is accepted.</summary>
    /// <exception cref="RewardException">A keyword of the schema has a value of the wrong kind.</exception>
    public string? Problem(JsonElement value)
    {
        try
        {
            return Problem(root, value, "$", 0);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new RewardException($"json_schema: a keyword of the schema has a value of the wrong kind: {exception.Message}", exception);
        }
    }

    private static void Check(JsonElement schema, string place, int depth)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            throw new RewardException($"json_schema: {place} must be a schema, nested at most {MaxDepth} deep.");
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            var at = $"{place}.{keyword.Name}";
            if (!Checked.Contains(keyword.Name) && !Annotations.Contains(keyword.Name))
            {
                throw new RewardException($"json_schema: {at} is a keyword that is not checked here. Write the schema without it.");
            }

            if (keyword.Name is "properties" or "$defs" or "definitions" && keyword.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in keyword.Value.EnumerateObject())
                {
                    Check(property.Value, $"{at}.{property.Name}", depth + 1);
                }
            }
            else if (keyword.Name is "items" or "contains" or "additionalProperties" or "not" or "if" or "then" or "else")
            {
                Check(keyword.Value, at, depth + 1);
            }
            else if (keyword.Name is "anyOf" or "oneOf" or "allOf" or "prefixItems")
            {
                CheckList(keyword.Value, at, depth);
            }
            else if (keyword.Name == "pattern")
            {
                RewardPatterns.Compile("json_schema", keyword.Value.GetString() ?? "", RegexOptions.None);
            }
        }
    }

    private static void CheckList(JsonElement list, string place, int depth)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new RewardException($"json_schema: {place} must be a list of schemas.");
        }

        foreach (var item in list.EnumerateArray())
        {
            Check(item, place, depth + 1);
        }
    }

    private string? Problem(JsonElement schema, JsonElement value, string place, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new RewardException($"json_schema: references go round more than {MaxDepth} deep at {place}.");
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema.ValueKind == JsonValueKind.True ? null : $"{place} is not allowed";
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            if (SchemaValues.Problem(keyword.Name, keyword.Value, value, place) is { } simple)
            {
                return simple;
            }

            if (Nested(schema, keyword.Name, keyword.Value, value, place, depth + 1) is { } nested)
            {
                return nested;
            }
        }

        return null;
    }

    private string? Nested(JsonElement schema, string keyword, JsonElement argument, JsonElement value, string place, int depth)
    {
        bool Accepts(JsonElement other) => Problem(other, value, place, depth) is null;
        return keyword switch
        {
            "$ref" => Problem(Resolve(argument.GetString() ?? ""), value, place, depth),
            "allOf" => argument.EnumerateArray().Select(other => Problem(other, value, place, depth)).FirstOrDefault(problem => problem is not null),
            "anyOf" => argument.EnumerateArray().Any(Accepts) ? null : $"{place} is none of what anyOf allows",
            "oneOf" => argument.EnumerateArray().Count(Accepts) is var count && count == 1 ? null : string.Create(CultureInfo.InvariantCulture, $"{place} is {count} of what oneOf allows, not 1"),
            "not" => Accepts(argument) ? $"{place} is what must not be" : null,
            "if" => schema.TryGetProperty(Accepts(argument) ? "then" : "else", out var then) ? Problem(then, value, place, depth) : null,
            _ => SchemaChildren.Of(schema, keyword, argument, value, place)
                .Select(child => Problem(child.Schema, child.Value, child.Place, depth)).FirstOrDefault(problem => problem is not null)
                ?? (keyword == "contains" && value.ValueKind == JsonValueKind.Array && !value.EnumerateArray().Any(item => Problem(argument, item, place, depth) is null)
                    ? $"{place} holds nothing of what it must contain" : null),
        };
    }

    private JsonElement Resolve(string reference)
    {
        var found = root;
        foreach (var step in reference.Split('/').Skip(1))
        {
            if (!reference.StartsWith('#') || found.ValueKind != JsonValueKind.Object
                || !found.TryGetProperty(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out found))
            {
                throw new RewardException($"json_schema: the reference {reference} leads nowhere. References within the schema (#/$defs/…) are followed.");
            }
        }

        return found;
    }
}
