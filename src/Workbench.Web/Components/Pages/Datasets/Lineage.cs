using System.Globalization;
using Workbench.Data.Filters;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Components.Pages.Datasets;

/// <summary>Something in the history of a dataset.</summary>
/// <param name="Id">Unique in the graph.</param>
/// <param name="Kind">source, version, run or model.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Detail">A few words more.</param>
/// <param name="Href">Its page; null where it has none.</param>
/// <param name="Column">From 0, on the left.</param>
/// <param name="Row">From 0, at the top.</param>
public sealed record LineageNode(string Id, string Kind, string Title, string Detail, string? Href, int Column, int Row);

/// <summary>What became of a dataset: from the file that it came from over its versions to the runs on them and their models.</summary>
/// <param name="Nodes">Each right of all that it was made of.</param>
/// <param name="Edges">Ids of what was there and of what was made of it.</param>
public sealed record Lineage(IReadOnlyList<LineageNode> Nodes, IReadOnlyList<(string From, string To)> Edges)
{
    /// <summary>Draws the graph up.</summary>
    /// <param name="dataset">Whose history it is.</param>
    /// <param name="folder">The dataset's folder, below which each version has its own.</param>
    /// <param name="runs">All runs; those on other datasets count where they go on with a model of this history.</param>
    /// <param name="models">All models.</param>
    public static Lineage Of(DatasetEntry dataset, string folder, IReadOnlyList<RunEntry> runs, IReadOnlyList<ModelEntry> models)
    {
        var nodes = new List<LineageNode>();
        var edges = new List<(string, string)>();
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        var filled = new Dictionary<int, int>();
        void Add(string id, string kind, string title, string detail, string? href, IEnumerable<string> madeOf)
        {
            var sources = madeOf.Where(columns.ContainsKey).ToList();
            var column = sources.Count == 0 ? 0 : sources.Max(source => columns[source]) + 1;
            var row = filled.GetValueOrDefault(column);
            (columns[id], filled[column]) = (column, row + 1);
            nodes.Add(new LineageNode(id, kind, title, detail, href, column, row));
            edges.AddRange(sources.Select(source => (source, id)));
        }

        foreach (var version in dataset.Versions.OrderBy(version => version.Number))
        {
            if (version.Parent is null)
            {
                Add("source:" + version.Number, "source", version.Source, "file", null, []);
            }

            Add(
                VersionId(version.Number), "version", string.Create(CultureInfo.InvariantCulture, $"v{version.Number} · {version.Rows:N0}"),
                version.Recipe is null ? (version.Parent is null ? "import" : version.Source) : string.Join(" → ", Recipe.Parse(version.Recipe).Steps.Select(Recipe.NameOf)), $"/datasets/{dataset.Id}",
                [version.Parent is { } parent ? VersionId(parent) : "source:" + version.Number]);
        }

        // Older runs first: a run on a model comes after the run that made the model.
        foreach (var run in runs.Reverse())
        {
            var made = models.FirstOrDefault(model => model.Path == run.Model && columns.ContainsKey("model:" + model.Id));
            var used = run.Dataset.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? NumberOf(run.Dataset[(folder.Length + 1)..]) : null;
            if (made is null && used is null)
            {
                continue;
            }

            Add(
                "run:" + run.Id, "run", run.Name, run.Method, $"/runs/{run.Id}",
                new[] { used is { } number ? VersionId(number) : null, made is null ? null : "model:" + made.Id }.OfType<string>());
            foreach (var model in models.Where(model => model.ParentRunId == run.Id))
            {
                Add("model:" + model.Id, "model", model.Name, model.BasePath is null ? "model" : "adapter", $"/models/{model.Id}", ["run:" + run.Id]);
            }
        }

        return new Lineage(nodes, edges);
    }

    private static string VersionId(int number) => string.Create(CultureInfo.InvariantCulture, $"version:{number}");

    /// <summary>The number in <c>vN-HASH/rows.jsonl</c>.</summary>
    private static int? NumberOf(string path) =>
        path.StartsWith('v') && path.IndexOf('-', StringComparison.Ordinal) is > 1 and var dash
            && int.TryParse(path.AsSpan(1, dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
