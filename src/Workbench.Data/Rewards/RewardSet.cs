using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Data.Filters;
using Workbench.Data.Rewards.Models;

namespace Workbench.Data.Rewards;

/// <summary>Scores of one answer, by the rewards' names.</summary>
/// <param name="Total">The sum of weight times score, as TRL's GRPO combines them.</param>
public sealed record CombinedScore(double Total, IReadOnlyList<KeyValuePair<string, RewardScore>> Parts);

/// <summary>The rewards that judge answers, each with its weight.</summary>
public sealed record RewardSet
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static readonly Dictionary<Type, string> NameOfType = typeof(IReward).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false)
        .Cast<JsonDerivedTypeAttribute>().ToDictionary(type => type.DerivedType, type => (string)type.TypeDiscriminator!);

    /// <summary>The rewards.</summary>
    public required IReadOnlyList<IReward> Rewards { get; init; }

    /// <summary>Names of all rewards.</summary>
    public static IReadOnlyList<string> Known => [.. NameOfType.Values];

    /// <summary>The rewards' names in scores; the second of one kind gets a number.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Names => [.. Rewards.Select((_, i) => NameOf(i))];

    /// <summary>The parameters of a reward, for forms that ask for them; <c>weight</c> is the first.</summary>
    /// <param name="name">One of <see cref="Known"/>.</param>
    public static IReadOnlyList<OperatorParameter> ParametersOf(string name) =>
        OperatorParameter.Of(NameOfType.FirstOrDefault(pair => pair.Value == name).Key ?? throw new ArgumentException($"There is no reward {name}.", nameof(name)));

    /// <summary>Reads <c>{"rewards":[{"reward":"numeric"},{"reward":"length","weight":0.2,"max_words":200} …]}</c>.</summary>
    /// <exception cref="RewardException">A reward or parameter is unknown or of the wrong kind.</exception>
    public static RewardSet Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<RewardSet>(json, Options) is { Rewards.Count: > 0 } set ? set
                : throw new RewardException("There are no rewards. Write {\"rewards\":[{\"reward\":\"numeric\"}]}.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new RewardException($"The rewards cannot be read: {exception.Message} Rewards: {string.Join(", ", Known)}.", exception);
        }
    }

    /// <summary>The rewards as JSON with every parameter.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Models of the workbench that judge, by the names that the rewards give them.</summary>
    [JsonIgnore]
    public IEnumerable<string> Judges => Rewards.OfType<JudgeReward>().Where(judge => string.IsNullOrWhiteSpace(judge.Endpoint)).Select(judge => judge.Model);

    /// <summary>Whether a reward among them asks a model: judging then waits more than it computes.</summary>
    [JsonIgnore]
    public bool AsksModel => Rewards.Any(reward => reward is IModelReward);

    /// <summary>Checks all parameters; the result judges one answer and may be called from several threads.</summary>
    /// <param name="models">Loads what rewards ask; without it, what such a reward judges fails.</param>
    /// <exception cref="RewardException">A parameter is wrong.</exception>
    public Func<RewardInput, CombinedScore> Prepare(IRewardModels? models = null)
    {
        if (Rewards.FirstOrDefault(reward => !double.IsFinite(reward.Weight)) is { } wrong)
        {
            throw new RewardException($"{NameOfType[wrong.GetType()]}: the weight must be a number.");
        }

        var judges = Rewards.Select((reward, i) => (Name: NameOf(i), reward.Weight, Judge: reward is IModelReward asking && models is not null ? asking.Prepare(models) : reward.Prepare())).ToArray();
        return input =>
        {
            var parts = judges.Select(judge => KeyValuePair.Create(judge.Name, judge.Judge(input))).ToArray();
            return new CombinedScore(parts.Zip(judges, (part, judge) => part.Value.Value * judge.Weight).Sum(), parts);
        };
    }

    private string NameOf(int index)
    {
        var name = NameOfType[Rewards[index].GetType()];
        var before = Rewards.Take(index).Count(reward => reward.GetType() == Rewards[index].GetType());
        return before == 0 ? name : $"{name}_{before + 1}";
    }
}
