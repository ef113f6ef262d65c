using System.Text.Json;

namespace Workbench.Web.Services;

/// <summary>Lists of numbers as JSON.</summary>
internal static class JsonArrays
{
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<int>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Pairs as <c>[[start,end], …]</c>.</summary>
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<(int Start, int End)>? pairs)
    {
        if (pairs is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var (start, end) in pairs)
        {
            json.WriteStartArray();
            json.WriteNumberValue(start);
            json.WriteNumberValue(end);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>The integers of a list.</summary>
    /// <exception cref="UserInputException">It is no list of integers.</exception>
    public static int[] Read(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new UserInputException($"{name} is not a list of integers.", $"Give \"{name}\":[1,2,3].", name);
        }

        var numbers = new int[value.GetArrayLength()];
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out numbers[index]))
            {
                throw new UserInputException($"{name}[{index}] is not an integer.", $"Give \"{name}\":[1,2,3].", name);
            }

            index++;
        }

        return numbers;
    }
}
