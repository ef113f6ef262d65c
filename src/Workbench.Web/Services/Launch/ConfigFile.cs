using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Web.Services.Launch;

/// <summary>A configuration as people keep it: JSON or YAML, told apart by its first character.</summary>
public static class ConfigFile
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads either form and checks every option by the trainer's own rules.</summary>
    /// <exception cref="UserInputException">It cannot be read, or an option is unknown or of the wrong kind.</exception>
    public static JsonObject Parse(string text)
    {
        var config = text.TrimStart().StartsWith('{') ? Json(text) : ConfigYamlReader.Read(text);
        RunPlanner.Parse(config.ToJsonString());
        return config;
    }

    private static JsonObject Json(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Options)!.AsObject();
        }
        catch (JsonException exception)
        {
            throw new UserInputException("The configuration is not valid JSON.", "Correct it at the place named.", $"line {exception.LineNumber + 1}", exception);
        }
    }
}
