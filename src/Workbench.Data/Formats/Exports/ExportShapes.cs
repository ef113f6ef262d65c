using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Exports;

/// <summary>The forms that rows can be written in.</summary>
public static class ExportShapes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExportShape> All { get; } =
    [
        new("trl", "TRL's columns, as the rows are", row => [row]),
        new("messages", "messages", row => [Row(TrlShapes.Messages(row))]),
        new("prompt_completion", "prompt and completion, lists of messages", row => [Row(TrlShapes.PromptCompletion(row))]),
        new("kto", "prompt, completion and label; a preference becomes two rows", row => [.. TrlShapes.Unpaired(row).Select(Row)]),
        new("sharegpt", "conversations of from and value, tools", row => [Row(ShareGptExport.Convert(row))]),
        new("alpaca", "instruction, input, output, history, system", row => [Row(AlpacaExport.Convert(row))]),
    ];

    /// <summary>The form of that name; null for none.</summary>
    public static ExportShape? Find(string name) => All.FirstOrDefault(shape => shape.Name == name);

    /// <summary>Foreign forms have no shape of ours; what they are written from is told by the columns.</summary>
    private static Row Row(JsonObject json)
    {
        var element = JsonSerializer.SerializeToElement(json);
        return new Row(
            json.ContainsKey("messages") ? RowShape.Messages
            : json.ContainsKey("chosen") ? RowShape.Preference
            : json.ContainsKey("completion") ? RowShape.PromptCompletion
            : json.ContainsKey("prompt") ? RowShape.Prompt
            : RowShape.Text,
            element);
    }
}
