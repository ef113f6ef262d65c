using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Data.Filters.Models;

namespace Workbench.Data.Filters;

/// <summary>The operators that make a version of a dataset from another, in their order; as JSON it makes the same version again.</summary>
public sealed record Recipe
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowOutOfOrderMetadataProperties = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static readonly Dictionary<Type, string> Names = typeof(IRowOperator).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false)
        .Cast<JsonDerivedTypeAttribute>().ToDictionary(type => type.DerivedType, type => (string)type.TypeDiscriminator!);

    /// <summary>The operators.</summary>
    public required IReadOnlyList<IRowOperator> Steps { get; init; }

    /// <summary>Reads <c>{"steps":[{"op":"length","max_chars":1000} …]}</c>.</summary>
    /// <exception cref="OperatorException">An operator or parameter is unknown or of the wrong kind.</exception>
    public static Recipe Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Recipe>(json, Options) is { Steps: not null } recipe ? recipe
                : throw new OperatorException("The recipe has no steps. Write {\"steps\":[{\"op\":\"length\",\"max_chars\":1000}]}.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new OperatorException($"The recipe cannot be read: {exception.Message} Operators: {string.Join(", ", Operators)}.", exception);
        }
    }

    /// <summary>Names of all operators.</summary>
    public static IReadOnlyList<string> Operators => [.. Names.Values];

    /// <summary>The name that a recipe gives an operator.</summary>
    public static string NameOf(IRowOperator step) => Names[step.GetType()];

    /// <summary>What can be set of an operator.</summary>
    /// <exception cref="ArgumentException">There is no operator of that name.</exception>
    public static IReadOnlyList<OperatorParameter> ParametersOf(string name) =>
        OperatorParameter.Of(Names.FirstOrDefault(pair => pair.Value == name).Key ?? throw new ArgumentException($"There is no operator {name}.", nameof(name)));

    /// <summary>The same recipe with the fingerprint of every model that it asks: with other weights it does not run.</summary>
    /// <param name="models">Loads them.</param>
    /// <exception cref="OperatorException">A model cannot be loaded, or has other weights than the recipe says.</exception>
    public Recipe Bound(IRowModels models) => this with { Steps = [.. Steps.Select(step => step is IModelOperator asking ? Bound(asking, models) : step)] };

    private static IRowOperator Bound(IModelOperator step, IRowModels models)
    {
        var today = models.Open(step.Model).Fingerprint;
        return step.Fingerprint is null || step.Fingerprint == today ? step.Bound(today)
            : throw new OperatorException(
                $"{NameOf(step)}: the model {step.Model} is not what it was: its fingerprint is {today}, the recipe asks for {step.Fingerprint}. Bring the earlier weights back, or leave the fingerprint out.");
    }

    /// <summary>The recipe as JSON with every parameter, defaults included: a later version's defaults must not change it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
