using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>Keeps conversations whose roles follow each other as templates and trainers expect.</summary>
public sealed record RolesFilter : IRowFilter
{
    /// <summary>Roles that may occur.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = ["system", "developer", "user", "assistant", "tool"];

    /// <summary>After an optional system message, user and assistant take turns (tools aside).</summary>
    public bool Alternate { get; init; } = true;

    /// <summary>The last message is the assistant's.</summary>
    public bool EndWithAssistant { get; init; } = true;

    /// <summary>No message is empty, unless it calls tools.</summary>
    public bool NotEmpty { get; init; } = true;

    /// <inheritdoc/>
    public Func<Row, string?> Prepare() => row => row.Shape != RowShape.Messages ? null : Problem(row);

    private string? Problem(Row row)
    {
        string? before = null;
        var index = 0;
        foreach (var message in row.Json.GetProperty("messages").EnumerateArray())
        {
            var role = message.GetProperty("role").GetString()!;
            if (!Allowed.Contains(role))
            {
                return $"messages[{index}] has the role {role}";
            }

            if (NotEmpty && string.IsNullOrWhiteSpace(RowTurn.Content(message)) && !message.TryGetProperty("tool_calls", out _))
            {
                return $"messages[{index}] is empty";
            }

            if (Alternate && Misplaced(before, role, index) is { } problem)
            {
                return problem;
            }

            before = role;
            index++;
        }

        return EndWithAssistant && before != "assistant" ? $"ends with {before}, not with the assistant" : null;
    }

    private static string? Misplaced(string? before, string role, int index) => role switch
    {
        "system" or "developer" when index > 0 => $"messages[{index}] is a {role} message behind the start",
        "user" when before == "user" => $"messages[{index}] is the second user message in a row",
        "assistant" when before is null or "system" or "developer" => $"messages[{index}] is the assistant's, but nobody asked",
        "assistant" when before == "assistant" => $"messages[{index}] is the second assistant message in a row",
        "tool" when before is not ("assistant" or "tool") => $"messages[{index}] answers a tool call that nobody made",
        _ => null,
    };
}
