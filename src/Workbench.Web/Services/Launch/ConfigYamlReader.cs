using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Web.Services.Launch;

/// <summary>
/// Reads the YAML of training configurations: a mapping of options to plain or quoted scalars, block scalars, lists and mappings in block
/// or flow form. Anchors, tags, several documents and comments within values are no part of it and are refused by line.
/// </summary>
internal sealed class ConfigYamlReader
{
    private const int MaxDepth = 8;

    private readonly List<(int Number, int Indent, string Text)> lines = [];
    private readonly string[] raw;
    private int at;

    private ConfigYamlReader(string yaml)
    {
        raw = yaml.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        for (var i = 0; i < raw.Length; i++)
        {
            var text = raw[i].TrimEnd();
            var trimmed = text.TrimStart(' ');
            if (trimmed.Length > 0 && trimmed[0] != '#' && text != "---")
            {
                lines.Add((i, text.Length - trimmed.Length, trimmed));
            }
        }
    }

    /// <exception cref="UserInputException">Something that is not of this form; the place names the line.</exception>
    public static JsonObject Read(string yaml)
    {
        var reader = new ConfigYamlReader(yaml);
        if (reader.lines.Count == 0)
        {
            return [];
        }

        var read = reader.Mapping(reader.lines[0].Indent, 0);
        return reader.at == reader.lines.Count ? read : throw reader.Fault("the indentation does not fit the lines above");
    }

    private JsonObject Mapping(int indent, int depth)
    {
        var mapping = new JsonObject();
        while (at < lines.Count && lines[at].Indent == indent)
        {
            var text = lines[at].Text;
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || (colon + 1 < text.Length && text[colon + 1] != ' '))
            {
                throw Fault("expected “option: value”");
            }

            var key = text[..colon].Trim().Trim('"', '\'');
            if (mapping.ContainsKey(key))
            {
                throw Fault($"{key} is given twice");
            }

            mapping[key] = Value(text[(colon + 1)..].Trim(), indent, depth);
        }

        return mapping;
    }

    private JsonNode? Value(string rest, int indent, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Fault("nested too deep");
        }

        if (rest.Length > 0 && rest[0] is '|' or '>')
        {
            return Block(rest, indent);
        }

        rest = WithoutComment(rest);
        if (rest.Length > 0)
        {
            var scalar = Scalar(rest);
            at++;
            return scalar;
        }

        at++;
        if (at >= lines.Count || lines[at].Indent < indent || (lines[at].Indent == indent && !IsItem(lines[at].Text)))
        {
            return null;
        }

        return IsItem(lines[at].Text) ? Sequence(lines[at].Indent, depth + 1) : Mapping(lines[at].Indent, depth + 1);
    }

    private JsonArray Sequence(int indent, int depth)
    {
        var list = new JsonArray();
        while (at < lines.Count && lines[at].Indent == indent && IsItem(lines[at].Text))
        {
            var rest = lines[at].Text[1..].Trim();
            list.Add(Value(rest, indent, depth));
        }

        return list;
    }

    private static bool IsItem(string text) => text is "-" || text.StartsWith("- ", StringComparison.Ordinal);

    /// <summary>A block scalar: <c>|</c> keeps line ends, <c>&gt;</c> folds them; <c>-</c> drops the last, <c>+</c> keeps all.</summary>
    private JsonValue Block(string header, int parent)
    {
        var (folded, chomp) = (header[0] == '>', header.Length > 1 ? header[1] : ' ');
        if (WithoutComment(header).Length > 2 || chomp is not (' ' or '-' or '+' or '#'))
        {
            throw Fault("a block scalar begins with |, |-, |+, >, >- or >+");
        }

        var first = lines[at].Number + 1;
        var end = first;
        var indent = -1;
        for (; end < raw.Length; end++)
        {
            var line = raw[end];
            var spaces = line.Length - line.TrimStart(' ').Length;
            if (line.Trim().Length == 0)
            {
                continue;
            }

            if (spaces <= parent)
            {
                break;
            }

            indent = indent < 0 ? spaces : Math.Min(indent, spaces);
        }

        var body = raw[first..end].Select(line => line.Length > indent && indent >= 0 ? line[indent..] : "").ToList();
        at++;
        while (at < lines.Count && lines[at].Number < end)
        {
            at++;
        }

        var trailing = body.Count - (body.FindLastIndex(line => line.Length > 0) + 1);
        body.RemoveRange(body.Count - trailing, trailing);
        var text = folded ? Folded(body) : string.Join('\n', body);
        return JsonValue.Create(text + (chomp == '-' || body.Count == 0 ? "" : chomp == '+' ? new string('\n', trailing + 1) : "\n"));
    }

    private static string Folded(List<string> body)
    {
        var text = new StringBuilder();
        for (var i = 0; i < body.Count; i++)
        {
            text.Append(i == 0 ? "" : body[i].Length == 0 || body[i - 1].Length == 0 ? (body[i].Length == 0 ? "\n" : "") : " ").Append(body[i]);
        }

        return text.ToString();
    }

    private JsonNode? Scalar(string text)
    {
        switch (text[0])
        {
            case '"' or '[' or '{':
                try
                {
                    return JsonNode.Parse(text);
                }
                catch (JsonException) when (text[0] == '[' && text[^1] == ']')
                {
                    return new JsonArray([.. text[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Scalar)]);
                }
                catch (JsonException)
                {
                    throw Fault("the value is not closed as it was opened");
                }

            case '\'':
                return text.Length > 1 && text[^1] == '\'' ? JsonValue.Create(text[1..^1].Replace("''", "'", StringComparison.Ordinal)) : throw Fault("the quote is not closed");
            case '&' or '*' or '!' or '%' or '@' or '`':
                throw Fault($"“{text[0]}” begins something that configurations do not use; put the text in quotes");
            default:
                return Plain(text);
        }
    }

    private static JsonValue? Plain(string text) => text switch
    {
        "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "on" or "On" => JsonValue.Create(true),
        "false" or "False" or "FALSE" or "no" or "No" or "off" or "Off" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when (char.IsAsciiDigit(text[^1]) || text[^1] == '.') && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    /// <summary>A comment begins with " #", outside of quotes.</summary>
    private static string WithoutComment(string text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (quote == '\'' && text[i] == '\'' && i + 1 < text.Length && text[i + 1] == '\'')
            {
                i++; // a quote within the text
            }
            else if (quote != '\0')
            {
                quote = text[i] == quote && (quote == '\'' || text[i - 1] != '\\') ? '\0' : quote;
            }
            else if (text[i] is '"' or '\'' && (i == 0 || text[i - 1] is ' ' or '[' or ',' or '{' or ':'))
            {
                quote = text[i];
            }
            else if (text[i] == '#' && (i == 0 || text[i - 1] == ' '))
            {
                return text[..i].TrimEnd();
            }
        }

        return text;
    }

    private UserInputException Fault(string what) => new(
        $"The configuration is no YAML that can be read: {what}.", "Write one option a line: learning_rate: 2.0e-5.", $"line {(at < lines.Count ? lines[at].Number : raw.Length - 1) + 1}");
}
