using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Filters;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Datasets;

/// <summary>Parameters of operators and rewards as fields of a form hold them, and back.</summary>
internal static class ParameterText
{
    /// <summary>What stands in the field of a parameter.</summary>
    /// <param name="parameter">Which.</param>
    /// <param name="value">Null leaves it empty.</param>
    public static string Shown(OperatorParameter parameter, JsonNode? value) => value switch
    {
        null => "",
        JsonArray list when parameter.Kind == "list" => string.Join('\n', list.Select(item => item!.GetValue<string>())),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>The parameter that a field holds; null for an empty one, which leaves it to the operator.</summary>
    /// <param name="parameter">Which.</param>
    /// <param name="text">What stands in the field.</param>
    /// <param name="place">Named in messages.</param>
    /// <exception cref="UserInputException">The text is no such parameter.</exception>
    public static JsonNode? Read(OperatorParameter parameter, string text, string place)
    {
        UserInputException Wrong(string what, Exception? inner = null) => new($"{parameter.Name}: “{text}” is {what}.", "Correct the field, or leave it empty.", place, inner);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        switch (parameter.Kind)
        {
            case "integer":
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : throw Wrong("not a whole number");
            case "number":
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw Wrong("not a number");
            case "boolean":
                return text == "true";
            case "list":
                return new JsonArray([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(item => (JsonNode)item)]);
            case "json":
                try
                {
                    return JsonNode.Parse(text);
                }
                catch (JsonException exception)
                {
                    throw Wrong("not JSON", exception);
                }

            default:
                return text;
        }
    }
}
