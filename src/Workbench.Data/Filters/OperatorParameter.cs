using System.Reflection;
using System.Text.Json;

namespace Workbench.Data.Filters;

/// <summary>A parameter of an operator, for forms that ask for it.</summary>
/// <param name="Name">As a recipe writes it, in snake case.</param>
/// <param name="Kind">integer, number, boolean, text, list, choice, model (a language model's id, name or folder) or json.</param>
/// <param name="Choices">What a choice may be.</param>
public sealed record OperatorParameter(string Name, string Kind, IReadOnlyList<string> Choices)
{
    /// <summary>The parameters of an operator, in the order in which it declares them.</summary>
    /// <param name="type">The operator's type.</param>
    internal static IReadOnlyList<OperatorParameter> Of(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.SetMethod is { IsPublic: true })
            .Select(property => Of(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)),
    ];

    private static OperatorParameter Of(string name, Type type) =>
        type == typeof(bool) ? new(name, "boolean", [])
        : type == typeof(int) || type == typeof(long) ? new(name, "integer", [])
        : type == typeof(double) ? new(name, "number", [])
        : type == typeof(string) ? new(name, name == "model" ? "model" : "text", [])
        : type.IsEnum ? new(name, "choice", [.. Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)])
        : type == typeof(IReadOnlyList<string>) ? new(name, "list", [])
        : new(name, "json", []);
}
