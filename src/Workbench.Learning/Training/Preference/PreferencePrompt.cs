using System.Text.Json;

namespace Workbench.Learning.Training.Preference;

/// <summary>Where the answers of a pair begin: behind <c>prompt</c>, or where there is none behind what both have in common (TRL's extract_prompt).</summary>
internal static class PreferencePrompt
{
    /// <returns>Prompt and answers, all three texts or all three lists of messages; the prompt may be empty.</returns>
    public static (JsonElement Prompt, JsonElement Chosen, JsonElement Rejected) Split(JsonElement row, JsonElement chosen, JsonElement rejected)
    {
        if (row.TryGetProperty("prompt", out var prompt))
        {
            return (prompt, chosen, rejected);
        }

        if (chosen.ValueKind == JsonValueKind.Array)
        {
            var (better, worse) = (chosen.EnumerateArray().ToList(), rejected.EnumerateArray().ToList());
            var same = better.Zip(worse).TakeWhile(pair => JsonElement.DeepEquals(pair.First, pair.Second)).Count();
            return (List(better.Take(same)), List(better.Skip(same)), List(worse.Skip(same)));
        }

        var (a, b) = (chosen.GetString()!, rejected.GetString()!);
        var common = a.AsSpan().CommonPrefixLength(b);
        if (common > 0 && a[common - 1] == ' ')
        {
            common--; // the space belongs to the answer's first token
        }

        return (Text(a[..common]), Text(a[common..]), Text(b[common..]));
    }

    private static JsonElement List(IEnumerable<JsonElement> messages) => JsonSerializer.SerializeToElement(messages);

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);
}
