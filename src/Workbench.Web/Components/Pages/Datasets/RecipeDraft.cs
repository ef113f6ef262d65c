using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data.Filters;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Datasets;

/// <summary>An operator whose parameters a user is writing.</summary>
/// <param name="Id">Tells it from others of its kind.</param>
/// <param name="Operator">Its name in recipes.</param>
/// <param name="Values">What stands in the fields, by parameter; empty for one that is left to the operator.</param>
internal sealed record DraftStep(int Id, string Operator, Dictionary<string, string> Values);

/// <summary>The recipe that a user is writing: operators in their order.</summary>
internal sealed class RecipeDraft
{
    /// <summary>What an added operator starts as, where its own defaults would do nothing or are missing.</summary>
    private static readonly Dictionary<string, string> Starts = new(StringComparer.Ordinal)
    {
        ["length"] = """{"op":"length","max_chars":20000}""",
        ["turns"] = """{"op":"turns","min":1}""",
        ["language"] = """{"op":"language","keep":["en"]}""",
        ["regex"] = """{"op":"regex","pattern":"as an AI"}""",
        ["words"] = """{"op":"words","terms":["…"]}""",
        ["leakage"] = """{"op":"leakage","against":["/path/to/evaluation.jsonl"]}""",
        ["perplexity"] = """{"op":"perplexity","model":"","column":"perplexity"}""",
        ["ifd"] = """{"op":"ifd","model":""}""",
        ["k_center"] = """{"op":"k_center","model":"","count":100}""",
        ["sample"] = """{"op":"sample","count":1000}""",
        ["balance"] = """{"op":"balance","by":"$language"}""",
    };

    private readonly List<DraftStep> steps = [];
    private int last;

    /// <summary>In their order.</summary>
    public IReadOnlyList<DraftStep> Steps => steps;

    /// <summary>Whether a step asks a model.</summary>
    public bool AsksModel => steps.Exists(step => step.Values.ContainsKey("model"));

    /// <summary>Puts an operator behind the others.</summary>
    /// <param name="name">Of the operator.</param>
    /// <param name="model">The id of the model that it asks, where it asks one; null for one still to be chosen.</param>
    public void Add(string name, string? model = null)
    {
        Add(Recipe.Parse($"{{\"steps\":[{Starts.GetValueOrDefault(name, $$"""{"op":"{{name}}"}""")}]}}"));
        if (model is not null && steps[^1].Values.ContainsKey("model"))
        {
            steps[^1].Values["model"] = model;
        }
    }

    /// <summary>Puts the operators of a recipe behind the others.</summary>
    public void Add(Recipe recipe)
    {
        var written = JsonNode.Parse(recipe.ToJson())!["steps"]!.AsArray();
        foreach (var (step, json) in recipe.Steps.Zip(written))
        {
            var name = Recipe.NameOf(step);
            steps.Add(new DraftStep(++last, name, Recipe.ParametersOf(name).ToDictionary(parameter => parameter.Name, parameter => ParameterText.Shown(parameter, json![parameter.Name]))));
        }
    }

    /// <summary>Whether a parameter is asked for: the fingerprint of a model is not written by people.</summary>
    public static bool Asks(OperatorParameter parameter) => parameter.Name != "fingerprint";

    /// <summary>Changes a parameter. Another model has another fingerprint.</summary>
    public static void Set(DraftStep step, OperatorParameter parameter, string value)
    {
        step.Values[parameter.Name] = value;
        if (parameter.Kind == "model")
        {
            step.Values.Remove("fingerprint");
        }
    }

    public void Remove(DraftStep step) => steps.Remove(step);

    /// <summary>Puts a step to another place.</summary>
    /// <param name="step">Which.</param>
    /// <param name="to">Its new index; beyond the ends, the end.</param>
    public void Move(DraftStep step, int to)
    {
        if (steps.Remove(step))
        {
            steps.Insert(Math.Clamp(to, 0, steps.Count), step);
        }
    }

    /// <summary>The recipe.</summary>
    /// <exception cref="UserInputException">A field cannot be used; the message says which.</exception>
    public Recipe Parse()
    {
        if (steps.Count == 0)
        {
            throw new UserInputException("The recipe has no steps.", "Add an operator.", "recipe");
        }

        var read = new List<IRowOperator>();
        foreach (var (index, step) in steps.Index())
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"step {index + 1}, {step.Operator}");
            var json = new JsonObject { ["op"] = step.Operator };
            foreach (var parameter in Recipe.ParametersOf(step.Operator))
            {
                if (ParameterText.Read(parameter, step.Values.GetValueOrDefault(parameter.Name, ""), place) is { } value)
                {
                    json[parameter.Name] = value;
                }
            }

            try
            {
                read.AddRange(Recipe.Parse($"{{\"steps\":[{json.ToJsonString()}]}}").Steps);
            }
            catch (OperatorException exception)
            {
                throw new UserInputException(exception.Message, "Correct the step.", place, exception);
            }
        }

        return new Recipe { Steps = read };
    }
}
