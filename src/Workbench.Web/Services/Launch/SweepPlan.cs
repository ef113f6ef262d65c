using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Web.Services.Launch;

/// <summary>One run of a sweep.</summary>
/// <param name="Label">What it changes, for its name: "learning_rate=0.001, seed=1".</param>
/// <param name="Changes">The options and their values.</param>
public sealed record SweepRun(string Label, IReadOnlyList<KeyValuePair<string, JsonNode>> Changes);

/// <summary>A sweep over options: each line names one and its values, and every combination becomes a run.</summary>
public static class SweepPlan
{
    /// <summary>Runs of one sweep at most: more is nearly always a slip.</summary>
    public const int MostRuns = 64;

    /// <summary>The runs of a sweep, the last option changing first; none for an empty text.</summary>
    /// <param name="text">Lines of <c>key: value, value, …</c>; values are JSON, or plain words.</param>
    /// <exception cref="UserInputException">A line is no such line, an option comes twice, or the runs are too many.</exception>
    public static IReadOnlyList<SweepRun> Parse(string text)
    {
        IReadOnlyList<SweepRun> runs = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var (key, values) = ParseLine(line, number);
            if (!seen.Add(key))
            {
                throw new UserInputException($"{key} is swept twice.", "Give each option one line.", Place(number));
            }

            runs = runs.Count == 0
                ? [.. values.Select(value => Extend(new SweepRun("", []), key, value))]
                : [.. runs.SelectMany(run => values.Select(value => Extend(run, key, value)))];
            if (runs.Count > MostRuns)
            {
                throw new UserInputException($"The sweep makes more than {MostRuns} runs.", "Take out values or options.", Place(number));
            }
        }

        return runs;
    }

    private static (string Key, IReadOnlyList<JsonNode> Values) ParseLine(string line, int number)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var key = colon < 0 ? "" : line[..colon].Trim();
        JsonNode[] values = colon < 0 ? [] : [.. Split(line[(colon + 1)..]).Select(Value)];
        return key.Length > 0 && values.Length > 0
            ? (key, values)
            : throw new UserInputException($"“{line.Trim()}” is no line of a sweep.", "Write an option, a colon, and values with commas between: learning_rate: 1e-4, 3e-4.", Place(number));
    }

    /// <summary>At the commas outside of brackets, braces and quotation marks: a value may be a list or an object.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var (depth, quoted, begin) = (0, false, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0 && !quoted))
            {
                if (text[begin..i].Trim() is { Length: > 0 } value)
                {
                    yield return value;
                }

                begin = i + 1;
            }
            else
            {
                quoted ^= text[i] == '"' && (i == 0 || text[i - 1] != '\\');
                depth += quoted ? 0 : text[i] switch { '[' or '{' => 1, ']' or '}' => -1, _ => 0 };
            }
        }
    }

    private static JsonNode Value(string text)
    {
        try
        {
            return JsonNode.Parse(text) ?? JsonValue.Create(text);
        }
        catch (JsonException)
        {
            // a word such as cosine, or a number as Python writes it
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? JsonValue.Create(number)
                : JsonValue.Create(text);
        }
    }

    private static SweepRun Extend(SweepRun run, string key, JsonNode value) => new(
        (run.Label.Length > 0 ? run.Label + ", " : "") + $"{key}={(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString())}",
        [.. run.Changes, new(key, value)]);

    private static string Place(int line) => $"sweep, line {line}";
}
