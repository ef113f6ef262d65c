using System.CommandLine;
using Workbench.Data.Filters;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data filter</c>: rows through the operators of a recipe.</summary>
internal static class FilterOperation
{
    public static Command Create(VerbIo io)
    {
        var file = new Option<string?>("--recipe") { Description = "JSON: {\"steps\":[{\"op\":…} …]}.", HelpName = "F" };
        var steps = new Option<string[]>("--step")
        {
            Description = "One operator as JSON, e.g. {\"op\":\"length\",\"max_chars\":8000}; may be given again. Operators: " + string.Join(", ", Recipe.Operators) + ".",
            HelpName = "JSON",
            DefaultValueFactory = _ => [],
        };
        return new RecipeRun().Command(
            io,
            "filter",
            "Keep the rows that pass every operator of a recipe; the same recipe makes the same rows again, byte for byte.",
            arguments =>
            {
                var recipe = arguments.GetValue(file) is { } path ? Recipe.Parse(Files.Text(path, "recipe")) : new Recipe { Steps = [] };
                var more = Recipe.Parse($"{{\"steps\":[{string.Join(',', arguments.GetValue(steps)!)}]}}");
                return recipe.Steps.Count + more.Steps.Count > 0
                    ? new Recipe { Steps = [.. recipe.Steps, .. more.Steps] }
                    : throw new OperatorException("filter: there is nothing to do. Give --recipe F or --step JSON.");
            },
            file, steps);
    }
}
