using System.Text.Json.Nodes;
using Workbench.Data.Filters;
using Workbench.Data.Rewards;
using Workbench.Web.Components.Pages.Datasets;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>A reward whose parameters a user is writing.</summary>
/// <param name="Name">One of <see cref="RewardSet.Known"/>.</param>
/// <param name="Values">What stands in the fields, by parameter; empty for one that is left to the reward.</param>
public sealed record DraftReward(string Name, Dictionary<string, string> Values);

/// <summary>The rewards of a run that a user is writing: <c>reward_funcs</c> with their <c>reward_kwargs</c>.</summary>
public sealed class RewardDraft
{
    /// <summary>What an added reward starts as, where its own defaults would do nothing or are missing.</summary>
    private static readonly Dictionary<string, string> Starts = new(StringComparer.Ordinal)
    {
        ["regex"] = """{"pattern":"[0-9]+"}""",
        ["length"] = """{"max_words":100}""",
    };

    private readonly List<DraftReward> rewards = [];

    /// <summary>In their order.</summary>
    public IReadOnlyList<DraftReward> Rewards => rewards;

    /// <summary>Those that are not there yet: each may come once.</summary>
    public IEnumerable<string> Addable => RewardSet.Known.Where(name => rewards.All(reward => reward.Name != name));

    /// <summary>Puts a reward behind the others.</summary>
    /// <param name="name">One of <see cref="RewardSet.Known"/>.</param>
    /// <param name="given">Its parameters; null for those that make sense at first.</param>
    public void Add(string name, JsonObject? given = null)
    {
        var values = Defaults(name);
        foreach (var (key, value) in given ?? Starting(name))
        {
            values[key] = value?.DeepClone();
        }

        rewards.Add(new DraftReward(name, RewardSet.ParametersOf(name).ToDictionary(parameter => parameter.Name, parameter => ParameterText.Shown(parameter, values[parameter.Name]))));
    }

    public void Remove(DraftReward reward) => rewards.Remove(reward);

    /// <summary>Takes the rewards of a configuration in place of those that are there.</summary>
    /// <param name="funcs">A name or a list of names.</param>
    /// <param name="kwargs">By name; may be null.</param>
    public void Load(JsonNode? funcs, JsonObject? kwargs)
    {
        rewards.Clear();
        var names = funcs is JsonArray list ? list.Select(name => name!.GetValue<string>()) : funcs is null ? [] : [funcs.GetValue<string>()];
        foreach (var name in names.Where(name => RewardSet.Known.Contains(name) && rewards.All(reward => reward.Name != name)))
        {
            Add(name, kwargs?[name] as JsonObject ?? []);
        }
    }

    /// <summary>What is wrong with a reward; null when nothing is.</summary>
    public static string? ErrorOf(DraftReward reward)
    {
        try
        {
            Parse(reward);
            return null;
        }
        catch (UserInputException error)
        {
            return error.Message;
        }
    }

    /// <summary>Writes them into a configuration, with the parameters that are not the rewards' own.</summary>
    /// <exception cref="UserInputException">There is none, or a field cannot be used; the message says which.</exception>
    public void WriteTo(JsonObject config)
    {
        if (rewards.Count == 0)
        {
            throw new UserInputException("No reward is chosen: nothing would say which answers are better.", "Add a reward.", "reward_funcs");
        }

        config["reward_funcs"] = new JsonArray([.. rewards.Select(reward => (JsonNode)reward.Name)]);
        var all = new JsonObject();
        foreach (var reward in rewards)
        {
            if (Parse(reward) is { Count: > 0 } own)
            {
                all[reward.Name] = own;
            }
        }

        if (all.Count > 0)
        {
            config["reward_kwargs"] = all;
        }
    }

    /// <summary>The rewards with their parameters, as <see cref="RewardSet.Parse"/> reads them.</summary>
    /// <exception cref="UserInputException">There is none, or a field cannot be used; the message says which.</exception>
    public string ToJson()
    {
        if (rewards.Count == 0)
        {
            throw new UserInputException("No reward is chosen: nothing would say which answers are better.", "Add a reward.", "rewards");
        }

        return new JsonObject
        {
            ["rewards"] = new JsonArray([.. rewards.Select(reward =>
            {
                var own = Parse(reward);
                own["reward"] = reward.Name;
                return (JsonNode)own;
            })]),
        }.ToJsonString();
    }

    /// <summary>Takes rewards in place of those that are there.</summary>
    /// <param name="json">As <see cref="ToJson"/> writes them.</param>
    public void Load(string json)
    {
        rewards.Clear();
        foreach (var reward in JsonNode.Parse(json)!["rewards"]!.AsArray().Select(reward => reward!.DeepClone().AsObject()))
        {
            var name = reward["reward"]!.GetValue<string>();
            reward.Remove("reward");
            Add(name, reward);
        }
    }

    private static JsonObject Parse(DraftReward reward)
    {
        var own = new JsonObject();
        var defaults = Defaults(reward.Name);
        foreach (var parameter in RewardSet.ParametersOf(reward.Name))
        {
            if (ParameterText.Read(parameter, reward.Values.GetValueOrDefault(parameter.Name, ""), reward.Name) is { } value && !Same(value, defaults[parameter.Name]))
            {
                own[parameter.Name] = value;
            }
        }

        var whole = own.DeepClone().AsObject();
        whole["reward"] = reward.Name;
        try
        {
            RewardSet.Parse(new JsonObject { ["rewards"] = new JsonArray(whole) }.ToJsonString()).Prepare();
            return own;
        }
        catch (RewardException exception)
        {
            throw new UserInputException(exception.Message, "Correct the reward's fields.", reward.Name, exception);
        }
    }

    /// <summary>Numbers by value: 1 is 1.0.</summary>
    private static bool Same(JsonNode value, JsonNode? other) => JsonNode.DeepEquals(JsonNode.Parse(value.ToJsonString()), other is null ? null : JsonNode.Parse(other.ToJsonString()));

    private static JsonObject Starting(string name) => JsonNode.Parse(Starts.GetValueOrDefault(name, "{}"))!.AsObject();

    /// <summary>The reward's own parameters; one that it cannot do without is missing.</summary>
    private static JsonObject Defaults(string name)
    {
        var required = Starting(name);
        var asked = required.DeepClone().AsObject();
        asked["reward"] = name;
        var written = JsonNode.Parse(RewardSet.Parse(new JsonObject { ["rewards"] = new JsonArray(asked) }.ToJsonString()).ToJson())!["rewards"]![0]!.AsObject();
        written.Remove("reward");
        foreach (var key in required.Select(pair => pair.Key).ToList())
        {
            written.Remove(key);
        }

        return written;
    }
}
