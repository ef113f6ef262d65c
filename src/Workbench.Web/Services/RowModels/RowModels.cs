using Workbench.Data.Filters;
using Workbench.Data.Filters.Models;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Services.RowModels;

/// <summary>Finds the models that recipes name, by id or name in the workbench or by folder.</summary>
public sealed class RowModels(ChatModels models)
{
    /// <summary>A session for a recipe; dispose it when the recipe is through.</summary>
    /// <exception cref="UserInputException">There is no such model.</exception>
    public async Task<RowModelSession> BeginAsync(Recipe recipe, CancellationToken cancellationToken = default)
    {
        var found = await models.FindAllAsync(recipe.Steps.OfType<IModelOperator>().Select(step => step.Model), cancellationToken);

        return new RowModelSession(name => found[name]);
    }
}
