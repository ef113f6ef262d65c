using System.Reflection;
using System.Text.Json;

namespace Workbench.Learning.Training;

/// <summary>
/// From JSON to a <see cref="RunConfig"/>, collecting every problem: unknown names with the nearest known one, values of
/// the wrong kind, names of features that are not there yet, and values out of range.
/// </summary>
internal static class RunConfigReader
{
    /// <summary>Name in JSON, kind of value, and whether null is a value.</summary>
    private static readonly Dictionary<string, (Type Type, bool Nullable)> Keys = KnownKeys();

    private static readonly JsonDocumentOptions DocumentOptions = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 8,
    };

    public static RunConfig Read(string json)
    {
        var problems = new List<RunConfigProblem>();
        using var document = ParseObject(json);
        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var pair in document.RootElement.EnumerateObject())
        {
            if (given.ContainsKey(pair.Name))
            {
                problems.Add(new(pair.Name, $"{pair.Name} is given twice: keep one of them."));
            }
            else if (!Keys.TryGetValue(pair.Name, out var key))
            {
                problems.Add(new(pair.Name, Unknown(pair.Name)));
            }
            else if (KindProblem(pair.Value, key.Type, key.Nullable) is { } wanted)
            {
                problems.Add(new(pair.Name, $"{pair.Name} must be {wanted}, not {Describe(pair.Value)}."));
            }
            else
            {
                given[pair.Name] = pair.Value;
            }
        }

        // TRL's DPOConfig, CPOConfig, ORPOConfig and KTOConfig have a lower default than SFTConfig.
        if (!given.ContainsKey("learning_rate") && given.TryGetValue("method", out var method) && method.GetString() is "dpo" or "cpo" or "orpo" or "kto" or "grpo")
        {
            given["learning_rate"] = JsonSerializer.SerializeToElement(1e-6);
        }

        // GRPOConfig's beta is 0: most recipes do without the divergence.
        if (!given.ContainsKey("beta") && given.TryGetValue("method", out var chosen) && chosen.GetString() == "grpo")
        {
            given["beta"] = JsonSerializer.SerializeToElement(0.0);
        }

        // Values of the right kind are checked even where others are wrong: one round of corrections must be enough.
        var config = JsonSerializer.Deserialize<RunConfig>(JsonSerializer.Serialize(given), RunConfig.Json)!;
        var reported = problems.Select(problem => problem.Key).ToHashSet(StringComparer.Ordinal);
        problems.AddRange(config.Validate().Where(problem => !reported.Contains(problem.Key)));
        return problems.Count == 0 ? config : throw new RunConfigException(problems);
    }

    private static JsonDocument ParseObject(string json)
    {
        try
        {
            var document = JsonDocument.Parse(json, DocumentOptions);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new RunConfigException([new("", "The configuration must be a JSON object of options.")]);
        }
        catch (JsonException error)
        {
            throw new RunConfigException([new("", $"The configuration is not valid JSON: {error.Message}")]);
        }
    }

    private static string Unknown(string key)
    {
        if (RunConfigRules.NotYet.TryGetValue(key, out var feature))
        {
            return $"{key} belongs to {feature}, which is not available yet: leave it out.";
        }

        if (RunConfigRules.Meaningless.TryGetValue(key, out var reason))
        {
            return $"{key} has no meaning here ({reason}): leave it out.";
        }

        var nearest = RunConfigRules.Renamed.GetValueOrDefault(key) ?? Spelling.Nearest(key, Keys.Keys);
        return nearest is null
            ? $"{key} is no known option."
            : $"{key} is no known option; did you mean {nearest}?";
    }

    /// <summary>What a value must be where it is not, or null where it is right.</summary>
    private static string? KindProblem(JsonElement value, Type type, bool nullable)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return nullable ? null : "given a value";
        }

        var inner = Nullable.GetUnderlyingType(type) ?? type;

        if (inner == typeof(bool))
        {
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "true or false";
        }

        if (inner == typeof(int))
        {
            return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _) ? null : "a whole number";
        }

        if (inner == typeof(double))
        {
            return value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? null : "a number";
        }

        if (inner == typeof(string))
        {
            return value.ValueKind == JsonValueKind.String ? null : "text";
        }

        if (inner == typeof(IReadOnlyDictionary<string, JsonElement>))
        {
            return value.ValueKind == JsonValueKind.Object ? null : "an object of options";
        }

        return value.ValueKind == JsonValueKind.String
            || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String))
            ? null
            : "a name or a list of names";
    }

    private static string Describe(JsonElement value)
    {
        var raw = value.GetRawText();
        var shown = raw.Length > 40 ? raw[..40] + "…" : raw;
        return value.ValueKind switch
        {
            JsonValueKind.String => $"the text {shown}",
            JsonValueKind.Null => "null",
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            _ => shown,
        };
    }

    private static Dictionary<string, (Type Type, bool Nullable)> KnownKeys()
    {
        var annotations = new NullabilityInfoContext();
        return typeof(RunConfig).GetProperties()
            .Where(property => property.SetMethod is { IsPublic: true })
            .ToDictionary(
                property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name),
                property => (property.PropertyType, annotations.Create(property).WriteState == NullabilityState.Nullable),
                StringComparer.Ordinal);
    }
}
