using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Web.Services.RowModels;

namespace Workbench.Web.Commands.Data;

/// <summary>What operations share that are recipes: which rows were removed and why, and the recipe with all its parameters.</summary>
internal sealed class RecipeRun
{
    private readonly DataOptions options = new();
    private readonly Option<string?> removed = new("--removed") { Description = "Write removed and changed rows to F: {\"lineno\",\"op\",\"reason\",\"row\"}.", HelpName = "F" };
    private readonly Option<string?> save = new("--save-recipe") { Description = "Write the recipe with every parameter to F: with --recipe it makes the same rows again.", HelpName = "F" };

    /// <summary>A command that runs the recipe which its options make.</summary>
    public Command Command(VerbIo io, string name, string description, Func<ParseResult, Recipe> recipe, params Option[] more) => options.Command(
        name, description, (arguments, cancellationToken) => Run(io, recipe(arguments), arguments, cancellationToken), [.. more, removed, save]);

    private int Run(VerbIo io, Recipe recipe, ParseResult arguments, CancellationToken cancellationToken)
    {
        var run = new DataRun(io, options, arguments, cancellationToken);
        using var models = RowModelSession.OfFolders();
        recipe = recipe.Bound(models);
        var pipeline = new Pipeline(recipe, models);
        if (arguments.GetValue(save) is { } file)
        {
            Files.Writing(file, () =>
            {
                File.WriteAllText(file, recipe.ToJson() + "\n");
                return 0;
            });
        }

        using var log = arguments.GetValue(removed) is { } path ? Files.Writing(path, () => new StreamWriter(path)) : null;
        void Observe(StepVerdict step)
        {
            var verdict = step.Verdict;
            log?.WriteLine(new JsonObject
            {
                ["lineno"] = verdict.Item.Number,
                ["op"] = Recipe.NameOf(recipe.Steps[step.Step]),
                [verdict.Kept ? "change" : "reason"] = verdict.Reason ?? verdict.Change,
                ["row"] = JsonSerializer.SerializeToNode(verdict.Item.Row.Json),
            }.ToJsonString(DataRun.Json));
        }

        var kept = pipeline.Run(run.Rows(), Observe, cancellationToken).Select(item => item.Row);
        return run.Finish(kept, _ => new JsonObject { ["steps"] = JsonSerializer.SerializeToNode(pipeline.Counts, DataRun.Json) });
    }
}
