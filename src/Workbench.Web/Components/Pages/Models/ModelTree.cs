using System.Globalization;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Components.Pages.Models;

/// <summary>The list of models with each adapter beneath the model that it is for.</summary>
public static class ModelTree
{
    /// <summary>Models in the order given, each followed by its adapters; adapters of a model that is not in the list stand last.</summary>
    public static IReadOnlyList<ModelEntry> Arrange(IReadOnlyList<ModelEntry> models)
    {
        var wholes = models.Where(model => model.BasePath is null).ToList();
        var adapters = models.Where(model => model.BasePath is not null).ToLookup(model => model.BasePath!);
        var known = wholes.Select(model => model.Path).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. wholes.SelectMany(model => adapters[model.Path].Prepend(model)),
            .. adapters.Where(group => !known.Contains(group.Key)).SelectMany(group => group),
        ];
    }

    /// <summary>What an adapter is, in PEFT's names: <c>r 16, alpha 32, all-linear</c>.</summary>
    public static string Describe(ModelEntry adapter) =>
        string.Create(CultureInfo.InvariantCulture, $"r {adapter.LoraR}, alpha {adapter.LoraAlpha:0.###}, {adapter.LoraTargets}");
}
