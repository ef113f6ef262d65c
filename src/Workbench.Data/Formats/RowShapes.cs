using System.Text.Json;

namespace Workbench.Data.Formats;

/// <summary>Recognises the shape of a row by its keys and checks the fields that training will read.</summary>
public static class RowShapes
{
    /// <exception cref="RowFormatException">None of the known shapes, or a field of the shape is wrong.</exception>
    public static RowShape Detect(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw new RowFormatException($"a row must be a JSON object, not {Name(row.ValueKind)}");
        }

        if (row.TryGetProperty("messages", out var messages))
        {
            CheckMessages(messages, "messages");
            return RowShape.Messages;
        }

        if (row.TryGetProperty("chosen", out var chosen) && row.TryGetProperty("rejected", out var rejected))
        {
            CheckPreference(row, chosen, rejected);
            return RowShape.Preference;
        }

        if (row.TryGetProperty("prompt", out var prompt) && row.TryGetProperty("completion", out var completion))
        {
            CheckTextOrMessages(prompt, "prompt");
            CheckTextOrMessages(completion, "completion");
            return RowShape.PromptCompletion;
        }

        if (row.TryGetProperty("input_ids", out var inputIds))
        {
            CheckTokens(inputIds, row);
            return RowShape.Tokenized;
        }

        if (row.TryGetProperty("prompt", out prompt))
        {
            CheckTextOrMessages(prompt, "prompt");
            return RowShape.Prompt;
        }

        if (row.TryGetProperty("text", out var text))
        {
            return text.ValueKind == JsonValueKind.String
                ? RowShape.Text
                : throw new RowFormatException($"text must be a string, not {Name(text.ValueKind)}");
        }

        var keys = string.Join(", ", row.EnumerateObject().Take(8).Select(property => property.Name));
        throw new RowFormatException(
            $"none of the known shapes: expected {string.Join("; ", Shapes.SourceShapes.All.Select(shape => shape.Description))}; found {(keys.Length == 0 ? "no keys" : keys)}. Name the columns in a mapping");
    }

    private static void CheckPreference(JsonElement row, JsonElement chosen, JsonElement rejected)
    {
        if (chosen.ValueKind != rejected.ValueKind)
        {
            throw new RowFormatException($"chosen is {Name(chosen.ValueKind)}, rejected {Name(rejected.ValueKind)}; they must be of one kind");
        }

        foreach (var (name, answer) in new[] { ("chosen", chosen), ("rejected", rejected) })
        {
            if (answer.ValueKind != JsonValueKind.Object)
            {
                CheckTextOrMessages(answer, name);
            }
            else if (answer.TryGetProperty("input_ids", out var ids))
            {
                CheckTokens(ids, answer, name + ".");
            }
            else
            {
                throw new RowFormatException($"{name} must be a text, a list of messages, or an object of input_ids and labels");
            }
        }

        if (row.TryGetProperty("prompt", out var prompt))
        {
            CheckTextOrMessages(prompt, "prompt");
            if (prompt.ValueKind != chosen.ValueKind)
            {
                throw new RowFormatException("prompt, chosen and rejected must all be texts, or all be lists of messages");
            }
        }
    }

    private static void CheckTextOrMessages(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            CheckMessages(value, name);
        }
    }

    private static void CheckMessages(JsonElement messages, string name)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            throw new RowFormatException($"{name} must be a list of messages, not {Name(messages.ValueKind)}");
        }

        if (messages.GetArrayLength() == 0)
        {
            throw new RowFormatException($"{name} is empty");
        }

        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            CheckMessage(message, $"{name}[{index++}]");
        }
    }

    private static void CheckMessage(JsonElement message, string place)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw new RowFormatException($"{place} must be an object with role and content, not {Name(message.ValueKind)}");
        }

        if (!message.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String)
        {
            throw new RowFormatException($"{place} has no role (a string such as \"user\")");
        }

        if (!message.TryGetProperty("content", out var content))
        {
            if (!message.TryGetProperty("tool_calls", out _))
            {
                throw new RowFormatException($"{place} has neither content nor tool_calls");
            }
        }
        else if (content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Null))
        {
            throw new RowFormatException($"{place}.content must be a string or a list of parts, not {Name(content.ValueKind)}");
        }
    }

    private static void CheckTokens(JsonElement inputIds, JsonElement row, string place = "")
    {
        var count = CheckIntegers(inputIds, place + "input_ids", minimum: 0);
        if (count == 0)
        {
            throw new RowFormatException($"{place}input_ids is empty");
        }

        if (row.TryGetProperty("labels", out var labels) && CheckIntegers(labels, place + "labels", minimum: -100) is var other && other != count)
        {
            throw new RowFormatException($"{place}input_ids has {count} entries, labels has {other}; they must be of equal length");
        }
    }

    private static int CheckIntegers(JsonElement list, string name, int minimum)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new RowFormatException($"{name} must be a list of integers, not {Name(list.ValueKind)}");
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var value) || value < minimum)
            {
                throw new RowFormatException($"{name}[{index}] must be an integer of at least {minimum}");
            }

            index++;
        }

        return index;
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        _ => "null",
    };
}
