using Microsoft.Extensions.Localization;
using Workbench.Web.Components.Shared;

namespace Workbench.Web.Languages;

/// <summary>Counts and ages in the language of the request.</summary>
public static class WordsFigures
{
    /// <summary>"1 row", "2 rows"; another language is asked for the key "{0} rows".</summary>
    public static string Of(this IStringLocalizer<Words> words, long count, string thing)
    {
        var said = words["{0} " + thing + "s", Figures.Count(count)];
        return said.ResourceNotFound ? Figures.Of(count, thing) : said.Value;
    }

    /// <summary>"5 min ago"; after a month the date.</summary>
    public static string Ago(this IStringLocalizer<Words> words, DateTimeOffset then, DateTimeOffset now) => (now - then) switch
    {
        { TotalSeconds: < 45 } => words["just now"],
        { TotalMinutes: < 60 } age => words["{0} min ago", Math.Max(1, (int)Math.Round(age.TotalMinutes))],
        { TotalHours: < 24 } age => words["{0} h ago", (int)age.TotalHours],
        { TotalDays: < 30 } age => words["{0} ago", words.Of((int)age.TotalDays, "day")],
        _ => Figures.Date(then),
    };
}
