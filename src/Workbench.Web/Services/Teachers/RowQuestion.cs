using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Data.Rewards.Candidates;

namespace Workbench.Web.Services.Teachers;

/// <summary>The question in a row: its prompt, or its conversation without the last answer. Puts answers back in the row's form.</summary>
public sealed class RowQuestion
{
    private readonly Row row;
    private readonly JsonArray prompt;

    /// <param name="row">Messages, prompt and completion, or a prompt.</param>
    /// <param name="system">A system message where the row has none; null for none.</param>
    /// <exception cref="RowFormatException">The row asks nothing.</exception>
    public RowQuestion(Row row, string? system)
    {
        this.row = row;
        prompt = PromptOf(row);
        var messages = (JsonArray)prompt.DeepClone();
        if (system is not null && (string?)messages[0]!["role"] is not ("system" or "developer"))
        {
            messages.Insert(0, new JsonObject { ["role"] = "system", ["content"] = system });
        }

        Messages = JsonSerializer.SerializeToElement(messages);
        Tools = row.Json.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array ? tools : null;
    }

    /// <summary>What the teacher gets.</summary>
    public JsonElement Messages { get; }

    public JsonElement? Tools { get; }

    /// <summary>The question for answer <paramref name="index"/>.</summary>
    /// <param name="seed">Of the whole run.</param>
    /// <param name="index">From 0.</param>
    public Question Ask(int seed, int index)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{index}/{Messages.GetRawText()}"));
        return new Question(Messages, Tools, BinaryPrimitives.ReadInt32LittleEndian(hash) & int.MaxValue);
    }

    /// <summary>The row with the teacher's answer in place of its own.</summary>
    public Row WithAnswer(TeacherAnswer answer)
    {
        var made = JsonObject.Create(row.Json)!;
        if (row.Shape == RowShape.Messages)
        {
            made["messages"] = new JsonArray([.. prompt.Select(message => message!.DeepClone()), JsonObject.Create(answer.Message)]);
        }
        else
        {
            made["completion"] = Completion(answer);
        }

        made["finish_reason"] = answer.FinishReason;
        return new Row(row.Shape == RowShape.Messages ? RowShape.Messages : RowShape.PromptCompletion, JsonSerializer.SerializeToElement(made));
    }

    /// <summary>The prompt with all answers as candidates, for <c>score</c>, <c>best-of</c> and <c>pairs</c>.</summary>
    public Row WithCandidates(IReadOnlyList<TeacherAnswer> answers)
    {
        var made = JsonObject.Create(row.Json)!;
        foreach (var name in new[] { "messages", "completion", "score", "scores" })
        {
            made.Remove(name);
        }

        made["prompt"] = IsText ? row.Json.GetProperty("prompt").GetString() : prompt.DeepClone();
        made[CandidateSet.Column] = new JsonArray([.. answers.Select(answer => new JsonObject { ["completion"] = Completion(answer), ["finish_reason"] = answer.FinishReason })]);
        return new Row(RowShape.Prompt, JsonSerializer.SerializeToElement(made));
    }

    private bool IsText => row.Shape != RowShape.Messages && row.Json.GetProperty("prompt").ValueKind == JsonValueKind.String;

    private JsonNode Completion(TeacherAnswer answer) =>
        IsText ? JsonValue.Create(CandidateScoring.Text(JsonSerializer.SerializeToElement(new[] { answer.Message }))) : new JsonArray(JsonObject.Create(answer.Message));

    private static JsonArray PromptOf(Row row)
    {
        var prompt = RowPrompt.Of(row);
        return prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() > 0
            ? JsonArray.Create(prompt)!
            : new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : "" });
    }
}
