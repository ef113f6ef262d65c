namespace Workbench.Web.Services;

/// <summary>Something that the command palette leads to.</summary>
/// <param name="Kind">What it is listed under, in English: places, actions, models, runs, datasets.</param>
/// <param name="Href">Where it leads.</param>
public sealed record PaletteEntry(string Kind, string Icon, string Title, string Href)
{
    /// <summary>A word beside the title.</summary>
    public string? Note { get; init; }
}

/// <summary>What there is in the workbench, for the command palette.</summary>
public sealed class PaletteSearch(ModelService models, RunService runs, DatasetService datasets)
{
    /// <summary>Most entries in an answer.</summary>
    public const int Most = 30;

    public const string Model = "Models";
    public const string Run = "Runs";
    public const string Dataset = "Datasets";

    /// <summary>Everything that has a page of its own, the newest first of each kind.</summary>
    public async Task<IReadOnlyList<PaletteEntry>> ThingsAsync(CancellationToken cancellationToken = default) =>
    [
        .. (await models.ListAsync(cancellationToken)).Select(model => new PaletteEntry(Model, "deployed_code", model.Name, $"/models/{model.Id}") { Note = model.Architecture }),
        .. (await runs.ListAsync(cancellationToken)).Select(run => new PaletteEntry(Run, "monitoring", run.Name, $"/runs/{run.Id}") { Note = run.Method }),
        .. (await datasets.ListAsync(cancellationToken)).Select(dataset => new PaletteEntry(Dataset, "dataset", dataset.Name, $"/datasets/{dataset.Id}")),
    ];

    /// <summary>The entries that hold every word of the query, in order: those whose title begins with it, those with a word that does, the others.</summary>
    /// <param name="entries">To choose from; their order is kept among equals.</param>
    /// <param name="query">Words, in any order; none takes the first entries.</param>
    public static IReadOnlyList<PaletteEntry> Match(IEnumerable<PaletteEntry> entries, string query)
    {
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. entries
            .Where(entry => words.All(word => Holds(entry, word)))
            .OrderBy(entry => words.Length == 0 ? 0 : Rank(entry.Title, words[0]))
            .Take(Most)];
    }

    private static bool Holds(PaletteEntry entry, string word) =>
        entry.Title.Contains(word, StringComparison.OrdinalIgnoreCase) || entry.Kind.Contains(word, StringComparison.OrdinalIgnoreCase)
        || entry.Note?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    private static int Rank(string title, string word) =>
        title.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 0
        : title.Contains(" " + word, StringComparison.OrdinalIgnoreCase) ? 1
        : title.Contains(word, StringComparison.OrdinalIgnoreCase) ? 2 : 3;
}
