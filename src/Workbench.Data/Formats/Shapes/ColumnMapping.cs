using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Workbench.Data.Formats.Shapes;

/// <summary>
/// Which columns of an unknown file are what: kept as JSON, to be used again. A value is the name of a column (with dots into
/// objects: <c>meta.question</c>), or, where it holds braces, a text with columns in it: <c>{title}: {body}</c>.
/// </summary>
public sealed partial record ColumnMapping
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>What the system message says.</summary>
    public string? System { get; init; }

    /// <summary>What the user asks.</summary>
    public string? Prompt { get; init; }

    /// <summary>What is answered.</summary>
    public string? Completion { get; init; }

    /// <summary>What the assistant thinks before it answers.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The better answer.</summary>
    public string? Chosen { get; init; }

    /// <summary>The worse answer.</summary>
    public string? Rejected { get; init; }

    /// <summary>Whether the answer is good (KTO): true, false, 1 or 0.</summary>
    public string? Label { get; init; }

    /// <summary>Text of language modelling.</summary>
    public string? Text { get; init; }

    /// <summary>A list of messages.</summary>
    public string? Messages { get; init; }

    /// <summary>Name of a message's role within <see cref="Messages"/>.</summary>
    public string RoleKey { get; init; } = "role";

    /// <summary>Name of a message's content within <see cref="Messages"/>.</summary>
    public string ContentKey { get; init; } = "content";

    /// <summary>From the file's role names to user, assistant, system and tool.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns taken over beside, under their own names.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <exception cref="RowFormatException">The text is no mapping.</exception>
    public static ColumnMapping Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ColumnMapping>(json, Options) is { } mapping ? mapping.Checked() : throw new RowFormatException("the mapping is null");
        }
        catch (JsonException exception)
        {
            throw new RowFormatException($"the mapping cannot be read: {exception.Message}");
        }
    }

    /// <summary>The mapping as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>The row that the mapping makes of <paramref name="source"/>.</summary>
    /// <exception cref="RowFormatException">A column is missing or of the wrong kind.</exception>
    public Row Apply(JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            throw new RowFormatException("a row must be a JSON object");
        }

        var row = new JsonObject();
        if (Text is not null)
        {
            row["text"] = Value(source, Text);
        }
        else if (Messages is not null)
        {
            row["messages"] = Conversation(source);
        }
        else
        {
            AddAnswers(source, row);
        }

        foreach (var name in Keep)
        {
            if (RowFields.Get(source, name) is { } value)
            {
                row.TryAdd(name, RowFields.Node(value));
            }
        }

        var json = JsonSerializer.SerializeToElement(row);
        return new Row(RowShapes.Detect(json), json) { Source = "mapping" };
    }

    private ColumnMapping Checked() =>
        Text is not null || Messages is not null || Prompt is not null || (Chosen is not null && Rejected is not null)
            ? this
            : throw new RowFormatException("the mapping must name text, messages, prompt (and completion), or chosen and rejected");

    private void AddAnswers(JsonElement source, JsonObject row)
    {
        if (Prompt is not null)
        {
            var prompt = new JsonArray();
            if (System is not null && Value(source, System) is { Length: > 0 } system)
            {
                prompt.Add((JsonNode)RowFields.Message("system", system));
            }

            prompt.Add((JsonNode)RowFields.Message("user", Value(source, Prompt)));
            row["prompt"] = prompt;
        }

        foreach (var (name, column) in new[] { ("completion", Completion), ("chosen", Chosen), ("rejected", Rejected) })
        {
            if (column is not null)
            {
                var answer = RowFields.Message("assistant", Value(source, column));
                if (name == "completion" && Reasoning is not null)
                {
                    answer["reasoning_content"] = Value(source, Reasoning);
                }

                row[name] = new JsonArray(answer);
            }
        }

        if (Label is not null)
        {
            row["label"] = Value(source, Label).ToLowerInvariant() switch
            {
                "true" or "1" => true,
                "false" or "0" => false,
                var other => throw new RowFormatException($"{Label} is \"{other}\"; a label is true, false, 1 or 0"),
            };
        }
    }

    private JsonArray Conversation(JsonElement source)
    {
        if (Find(source, Messages!) is not { ValueKind: JsonValueKind.Array } list)
        {
            throw new RowFormatException($"{Messages} must be a list of messages");
        }

        var messages = new JsonArray();
        foreach (var message in list.EnumerateArray())
        {
            var place = $"{Messages}[{messages.Count}].";
            if (message.ValueKind != JsonValueKind.Object)
            {
                throw new RowFormatException($"{place[..^1]} must be an object");
            }

            var role = RowFields.RequiredText(message, RoleKey, place);
            messages.Add((JsonNode)RowFields.Message(Roles.GetValueOrDefault(role, role), RowFields.RequiredText(message, ContentKey, place)));
        }

        return messages;
    }

    private static string Value(JsonElement source, string column) =>
        column.Contains('{', StringComparison.Ordinal) ? Placeholder().Replace(column, match => Scalar(source, match.Groups[1].Value)) : Scalar(source, column);

    private static string Scalar(JsonElement source, string column) => Find(source, column) is not { } value
        ? throw new RowFormatException($"the column {column}, which the mapping names, is missing or null")
        : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Object or JsonValueKind.Array => throw new RowFormatException($"the column {column} holds a list or an object; name the field within it"),
            _ => value.GetRawText(),
        };

    private static JsonElement? Find(JsonElement source, string column)
    {
        if (RowFields.Get(source, column) is { } direct)
        {
            return direct;
        }

        JsonElement? value = source;
        foreach (var name in column.Split('.'))
        {
            value = value is { ValueKind: JsonValueKind.Object } inner ? RowFields.Get(inner, name) : null;
        }

        return value;
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Placeholder();
}
