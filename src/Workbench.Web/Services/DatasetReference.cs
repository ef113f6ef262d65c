using System.Globalization;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>How forms and configurations name a dataset: <c>ID</c> for its newest version, <c>ID@2</c> for one of them.</summary>
public static class DatasetReference
{
    /// <summary>The parts of a reference; a version only where a number follows the last <c>@</c>.</summary>
    public static (string Id, int? Version) Parse(string value)
    {
        var at = value.LastIndexOf('@');
        return at > 0 && int.TryParse(value.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? (value[..at], version) : (value, null);
    }

    /// <summary>The version that a reference means, among datasets; null where none of them is meant.</summary>
    public static DatasetVersion? Find(IEnumerable<DatasetEntry> datasets, string value)
    {
        var (id, version) = Parse(value);
        return datasets.FirstOrDefault(dataset => dataset.Id == id) is { } known ? known.Versions.Find(one => one.Number == (version ?? known.Latest.Number)) : null;
    }

    /// <summary>The reference to a version.</summary>
    public static string To(DatasetEntry dataset, DatasetVersion version) =>
        version == dataset.Latest ? dataset.Id : string.Create(CultureInfo.InvariantCulture, $"{dataset.Id}@{version.Number}");
}
