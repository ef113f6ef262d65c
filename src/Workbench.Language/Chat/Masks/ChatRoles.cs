using System.Text.Json;

namespace Workbench.Language.Chat.Masks;

/// <summary>What the messages say about themselves: who speaks, and whether to train on it.</summary>
internal sealed class ChatRoles
{
    private readonly (bool Assistant, bool Train)[] _messages;

    private ChatRoles((bool Assistant, bool Train)[] messages, int lastAssistant) =>
        (_messages, LastAssistant) = (messages, lastAssistant);

    public ChatRoles(JsonElement messages)
    {
        _messages = messages.ValueKind == JsonValueKind.Array ? [.. messages.EnumerateArray().Select(Read)] : [];
        LastAssistant = Array.FindLastIndex(_messages, m => m.Assistant);
    }

    /// <summary>How many messages there are.</summary>
    public int Count => _messages.Length;

    /// <summary>Index of the assistant's last message, -1 where it says nothing.</summary>
    public int LastAssistant { get; }

    /// <summary>The same speakers with every message trained: generation tags know no flags.</summary>
    public ChatRoles WithoutFlags() => new(Array.ConvertAll(_messages, m => (m.Assistant, true)), LastAssistant);

    public bool IsAssistant(int message) => message < _messages.Length && _messages[message].Assistant;

    /// <summary>False where the message itself says <c>train: false</c> or <c>weight: 0</c>.</summary>
    public bool MayTrain(int message) => message < _messages.Length && _messages[message].Train;

    private static (bool Assistant, bool Train) Read(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return (false, true);
        }

        var assistant = message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
            && role.GetString() is "assistant" or "model";
        var off = (message.TryGetProperty("train", out var train) && train.ValueKind == JsonValueKind.False)
            || (message.TryGetProperty("weight", out var weight) && weight.ValueKind == JsonValueKind.Number && weight.GetDouble() == 0);
        return (assistant, !off);
    }
}
