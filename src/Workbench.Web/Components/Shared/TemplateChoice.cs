using Workbench.Language.Chat.Presets;
using Workbench.Web.Services;

namespace Workbench.Web.Components.Shared;

/// <summary>
/// A chosen chat template as one text, fit for a select and for an address: <c>model</c> (the model's own), <c>preset:NAME</c> or
/// <c>saved:ID</c>.
/// </summary>
public static class TemplateChoice
{
    /// <summary>The model's own template.</summary>
    public const string Model = "model";

    /// <summary>What suits a model that has no template: the format that needs no special tokens.</summary>
    public const string Default = PresetPrefix + "plain";

    private const string PresetPrefix = "preset:";
    private const string SavedPrefix = "saved:";

    public static string Preset(string name) => PresetPrefix + name;

    public static string Saved(string id) => SavedPrefix + id;

    /// <summary>The id of a saved template, or null for other choices.</summary>
    public static string? SavedId(string choice) => choice.StartsWith(SavedPrefix, StringComparison.Ordinal) ? choice[SavedPrefix.Length..] : null;

    /// <summary>The chosen text; null for the model's own.</summary>
    /// <exception cref="UserInputException">There is no such template any more.</exception>
    public static async Task<string?> ResolveAsync(this TemplateService templates, string choice, CancellationToken cancellationToken = default)
    {
        if (choice is "" or Model)
        {
            return null;
        }

        return SavedId(choice) is { } id
            ? (await templates.GetAsync(id, cancellationToken)).Text
            : ChatPresets.Find(choice[PresetPrefix.Length..])?.Template ?? throw UserInputException.Missing("template", choice);
    }
}
