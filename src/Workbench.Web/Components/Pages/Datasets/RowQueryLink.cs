using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Workbench.Web.Services.Rows;

namespace Workbench.Web.Components.Pages.Datasets;

/// <summary>Which rows a page shows, as the query part of its address: what is looked at can be linked to and shared.</summary>
public static class RowQueryLink
{
    /// <summary>Address of the rows of a dataset that are meant.</summary>
    public static string To(string datasetId, RowQuery query)
    {
        var parts = new Dictionary<string, string?>();
        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parts[key] = value;
            }
        }

        Add("q", query.Search);
        if (query.Figure is { } figure)
        {
            Add("figure", figure);
            Add("model", query.Model);
            Add("from", query.From.ToString(CultureInfo.InvariantCulture));
            Add("to", query.To.ToString(CultureInfo.InvariantCulture));
        }

        Add("language", query.Language);
        Add("role", query.Role);
        Add("label", query.Label is { } label ? (label ? "true" : "false") : null);
        Add("duplicates", query.Duplicates ? "true" : null);
        Add("empty", query.EmptyAnswers ? "true" : null);
        var address = QueryHelpers.AddQueryString($"/datasets/{datasetId}", parts);
        return query.Where.Split('\n', StringSplitOptions.RemoveEmptyEntries).Aggregate(address, (whole, condition) => QueryHelpers.AddQueryString(whole, "where", condition));
    }

    /// <summary>The query of an address; what cannot be read is left out.</summary>
    public static RowQuery Of(string address)
    {
        var parts = QueryHelpers.ParseQuery(new Uri(address).Query);
        string? Text(string key) => parts.TryGetValue(key, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
        int Number(string key, int otherwise) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
        var figure = Text("figure") is { } name && (RowQuery.Figures.Contains(name) || (TokenIndex.Figures.Contains(name) && Text("model") is not null)) ? name : null;
        return new RowQuery(
            Text("q") ?? "", figure, figure is null ? 0 : Number("from", 0), figure is null ? int.MaxValue : Number("to", int.MaxValue), Text("language"),
            Text("duplicates") == "true", Text("empty") == "true", Text("label") switch { "true" => true, "false" => false, _ => null }, Text("role"),
            figure is not null && TokenIndex.Figures.Contains(figure) ? Text("model") : null,
            parts.TryGetValue("where", out var conditions) ? string.Join('\n', conditions.OfType<string>().Where(condition => condition.Length > 0)) : "");
    }
}
