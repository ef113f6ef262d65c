using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Workbench.Data.Rewards.Schemas;

/// <summary>The keywords of JSON Schema that look at one value alone.</summary>
internal static class SchemaValues
{
    public static string? Problem(string keyword, JsonElement argument, JsonElement value, string place) => value.ValueKind switch
    {
        _ when keyword == "type" => Type(argument, value, place),
        _ when keyword == "enum" => argument.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)) ? null : $"{place} is none of {argument.GetRawText()}",
        _ when keyword == "const" => JsonElement.DeepEquals(argument, value) ? null : $"{place} is not {argument.GetRawText()}",
        JsonValueKind.Number => Number(keyword, argument, value.GetDouble(), place),
        JsonValueKind.String => Text(keyword, argument, value.GetString()!, place),
        JsonValueKind.Array => List(keyword, argument, value, place),
        JsonValueKind.Object => Object(keyword, argument, value, place),
        _ => null,
    };

    private static string? Type(JsonElement argument, JsonElement value, string place)
    {
        string[] types = argument.ValueKind == JsonValueKind.Array ? [.. argument.EnumerateArray().Select(type => type.ToString())] : [argument.ToString()];
        return types.Any(type => Is(type, value)) ? null : $"{place} must be {string.Join(" or ", types)}";
    }

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()), // 1.0 is an integer since draft 6
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new RewardException($"json_schema: there is no type \"{type}\"."),
    };

    private static string? Number(string keyword, JsonElement argument, double value, string place)
    {
        if (keyword is not ("minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf"))
        {
            return null;
        }

        var bound = argument.GetDouble();
        var holds = keyword switch
        {
            "minimum" => value >= bound,
            "maximum" => value <= bound,
            "exclusiveMinimum" => value > bound,
            "exclusiveMaximum" => value < bound,
            _ => bound > 0 && Math.Abs((value / bound) - Math.Round(value / bound)) < 1e-9,
        };
        return holds ? null : string.Create(CultureInfo.InvariantCulture, $"{place} is {value}, but {keyword} is {bound}");
    }

    private static string? Text(string keyword, JsonElement argument, string value, string place) => keyword switch
    {
        "minLength" => Least(CodePoints(value), argument, $"{place} in characters"),
        "maxLength" => Most(CodePoints(value), argument, $"{place} in characters"),
        "pattern" => RewardPatterns.Count("json_schema", RewardPatterns.Compile("json_schema", argument.GetString()!, RegexOptions.None), value) > 0
            ? null : $"{place} does not match {argument.GetString()}",
        _ => null,
    };

    private static string? List(string keyword, JsonElement argument, JsonElement value, string place) => keyword switch
    {
        "minItems" => Least(value.GetArrayLength(), argument, $"{place} in entries"),
        "maxItems" => Most(value.GetArrayLength(), argument, $"{place} in entries"),
        "uniqueItems" when argument.ValueKind == JsonValueKind.True => value.EnumerateArray().DistinctBy(item => item.GetRawText()).Count() == value.GetArrayLength()
            ? null : $"{place} holds an entry twice",
        _ => null,
    };

    private static string? Object(string keyword, JsonElement argument, JsonElement value, string place) => keyword switch
    {
        "required" => argument.EnumerateArray().FirstOrDefault(name => !value.TryGetProperty(name.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing
            ? $"{place}.{missing.GetString()} is missing" : null,
        "minProperties" => Least(value.EnumerateObject().Count(), argument, $"{place} in keys"),
        "maxProperties" => Most(value.EnumerateObject().Count(), argument, $"{place} in keys"),
        _ => null,
    };

    private static int CodePoints(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private static string? Least(int count, JsonElement bound, string what) =>
        count >= bound.GetDouble() ? null : string.Create(CultureInfo.InvariantCulture, $"{what} is {count}, at least {bound.GetDouble()} is wanted");

    private static string? Most(int count, JsonElement bound, string what) =>
        count <= bound.GetDouble() ? null : string.Create(CultureInfo.InvariantCulture, $"{what} is {count}, at most {bound.GetDouble()} is wanted");
}
