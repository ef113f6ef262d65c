using Workbench.Data.Filters;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Datasets;

/// <summary>The recipe that a user is writing: one operator a line, as JSON.</summary>
internal sealed class RecipeDraft
{
    /// <summary>What an added operator starts as; those without parameters need none.</summary>
    private static readonly Dictionary<string, string> Starts = new(StringComparer.Ordinal)
    {
        ["length"] = """{"op":"length","max_chars":20000}""",
        ["turns"] = """{"op":"turns","min":2}""",
        ["language"] = """{"op":"language","keep":["en"]}""",
        ["regex"] = """{"op":"regex","pattern":"as an AI"}""",
        ["words"] = """{"op":"words","terms":["…"]}""",
        ["leakage"] = """{"op":"leakage","against":["/path/to/evaluation.jsonl"]}""",
        ["sample"] = """{"op":"sample","count":1000}""",
        ["balance"] = """{"op":"balance","by":"$language"}""",
    };

    /// <summary>The lines as they stand.</summary>
    public string Text { get; set; } = """{"op":"exact_dedup"}""" + "\n" + """{"op":"near_dedup"}""";

    /// <summary>Puts an operator behind the others.</summary>
    public void Add(string name) => Text = $"{Text.TrimEnd()}\n{Starts.GetValueOrDefault(name, $$"""{"op":"{{name}}"}""")}".TrimStart();

    /// <summary>The recipe.</summary>
    /// <exception cref="UserInputException">A line is no operator; the message says which.</exception>
    public Recipe Parse()
    {
        var steps = new List<IRowOperator>();
        foreach (var (line, index) in Text.Split('\n').Select((line, index) => (line.Trim().TrimEnd(','), index)).Where(pair => pair.Item1.Length > 0))
        {
            try
            {
                steps.AddRange(Recipe.Parse($"{{\"steps\":[{line}]}}").Steps);
            }
            catch (OperatorException exception)
            {
                throw new UserInputException(exception.Message, "Write one operator a line, such as {\"op\":\"exact_dedup\"}.", $"line {index + 1}", exception);
            }
        }

        return steps.Count > 0 ? new Recipe { Steps = steps } : throw new UserInputException("The recipe has no steps.", "Add an operator.", "recipe");
    }
}
