using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Web.Services.Launch;

/// <summary>Writes a configuration as the YAML that TRL's <c>--config</c> reads.</summary>
public static partial class ConfigYaml
{
    /// <summary>One option a line; texts of several lines as block scalars, lists and objects in their flow form (which is JSON).</summary>
    public static string Write(JsonObject config)
    {
        var yaml = new StringBuilder();
        foreach (var (key, value) in config)
        {
            yaml.Append(key).Append(':').Append(Value(value)).Append('\n');
        }

        return yaml.ToString();
    }

    private static string Value(JsonNode? value) => value switch
    {
        null => " null",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Text(text.GetValue<string>()),
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => " " + Number(number.Deserialize<double>()),
        _ => " " + value.ToJsonString(),
    };

    /// <summary>PyYAML follows YAML 1.1, in which 2e-5 is a text: only with a point and a sign is it a number.</summary>
    private static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = text.IndexOf('E', StringComparison.Ordinal);
        if (exponent < 0)
        {
            return text;
        }

        var mantissa = text[..exponent];
        return (mantissa.Contains('.', StringComparison.Ordinal) ? mantissa : mantissa + ".0") + "e" + text[(exponent + 1)..];
    }

    private static string Text(string text)
    {
        if (Word().IsMatch(text))
        {
            return " " + text;
        }

        // A block scalar keeps lines readable, but only where YAML gives back every character of them.
        var lines = text.Split('\n');
        var plainLines = text.Length > 0 && lines.Length > 1 && lines[0].Length > 0 && !char.IsWhiteSpace(lines[0][0])
            && !text.Any(letter => (char.IsControl(letter) && letter is not '\n' and not '\t') || letter is '\u0085' or '\u2028' or '\u2029' or '\ufeff' || char.IsSurrogate(letter));
        if (!plainLines || text.EndsWith("\n\n", StringComparison.Ordinal))
        {
            return " " + JsonValue.Create(text).ToJsonString();
        }

        var ends = text[^1] == '\n';
        var body = string.Concat(lines.Take(ends ? lines.Length - 1 : lines.Length).Select(line => line.Length == 0 ? "\n" : $"\n  {line}"));
        return (ends ? " |" : " |-") + body;
    }

    /// <summary>What needs no quotes: a word that YAML 1.1 takes for no truth value, null or number.</summary>
    [GeneratedRegex("^(?!(?i:true|false|yes|no|on|off|y|n|null)$)[A-Za-z][A-Za-z0-9_-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
