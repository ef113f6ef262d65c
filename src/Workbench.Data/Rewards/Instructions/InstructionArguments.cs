using System.Text.Json;
using Workbench.Data.Formats;

namespace Workbench.Data.Rewards.Instructions;

/// <summary>One instruction's arguments: an object of <c>kwargs</c>, nulls being absent.</summary>
internal sealed record InstructionArguments(string Name, JsonElement Json, Row Row)
{
    public string Text(string key) => Find(key) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Missing(key, "a text");

    public int Number(string key) => Find(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? (int)number : throw Missing(key, "a number");

    public IEnumerable<string> Texts(string key) => Find(key) is { ValueKind: JsonValueKind.Array } value
        ? value.EnumerateArray().Select(item => item.ToString()) : throw Missing(key, "a list of texts");

    /// <summary>Compares a count with the bound under <paramref name="boundKey"/> as the relation under <paramref name="relationKey"/> says.</summary>
    public bool Holds(int count, string relationKey, string boundKey) => Text(relationKey) switch
    {
        "less than" => count < Number(boundKey),
        "at least" => count >= Number(boundKey),
        var other => throw new RewardException($"ifeval: {Name} has the relation \"{other}\"; known are \"less than\" and \"at least\"."),
    };

    private JsonElement? Find(string key) => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(key, out var value) ? value : null;

    private RewardException Missing(string key, string kind) => new($"ifeval: {Name} needs {kind} under \"{key}\" in the row's kwargs.");
}
