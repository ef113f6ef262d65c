using Microsoft.Extensions.Localization;
using Radzen;
using Workbench.Web.Components.Shared;
using Workbench.Web.Languages;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Models;

/// <summary>The question before a model goes: what becomes of its files, and what would miss it.</summary>
internal static class Removal
{
    private const int Named = 3;

    public static async Task<bool> AskAsync(
        DialogService dialogs, ModelLineage lineage, IStringLocalizer<Words> words, ModelEntry model, CancellationToken cancellationToken)
    {
        var dependents = await lineage.DependentsAsync(model, cancellationToken);
        var owned = lineage.OwnsFiles(model);
        var sentences = new List<string>
        {
            owned ? words["“{0}” and its files in {1} are deleted.", model.Name, model.Path] : words["“{0}” leaves this list. Its files stay in {1}.", model.Name, model.Path],
        };
        if (dependents.Adapters.Count > 0)
        {
            sentences.Add(words["Adapters that need it: {0}.", Names(dependents.Adapters.Select(adapter => adapter.Name))]);
        }

        if (dependents.ActiveRuns.Count > 0)
        {
            sentences.Add(words["Runs at work or queued with it: {0}.", Names(dependents.ActiveRuns.Select(run => run.Name))]);
        }

        if (dependents.EndedRuns.Count > 0)
        {
            sentences.Add(words["Runs that began with it and can then not be resumed: {0}.", Names(dependents.EndedRuns.Select(run => run.Name))]);
        }

        return await dialogs.AskAsync(
            words, string.Join(' ', sentences), owned ? words["Delete model?"] : words["Remove model?"], owned ? words["Delete"] : words["Remove"]);
    }

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(Named)) + (all.Count > Named ? $" +{all.Count - Named}" : "");
    }
}
