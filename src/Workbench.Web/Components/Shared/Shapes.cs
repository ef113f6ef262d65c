using Workbench.Data.Formats;

namespace Workbench.Web.Components.Shared;

/// <summary>Row shapes in TRL's words.</summary>
internal static class Shapes
{
    public static string Word(this RowShape shape) => shape switch
    {
        RowShape.Messages => "messages",
        RowShape.PromptCompletion => "prompt, completion",
        RowShape.Tokenized => "input_ids",
        RowShape.Preference => "chosen, rejected",
        RowShape.Text => "text",
        RowShape.Prompt => "prompt",
        _ => shape.ToString(),
    };
}
