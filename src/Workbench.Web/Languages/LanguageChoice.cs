using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace Workbench.Web.Languages;

/// <summary>
/// The languages of the pages, and how one is chosen: by the switch (a cookie), else by what the browser prefers, else English. Only
/// words change; numbers and dates are written alike everywhere, since configurations and logs carry them too.
/// </summary>
public static class LanguageChoice
{
    /// <summary>The cookie that the switch writes; its value is one of <see cref="Offered"/>.</summary>
    public const string Cookie = "workbench-language";

    /// <summary>Each language by its tag, with its own name for itself.</summary>
    public static readonly IReadOnlyList<(string Tag, string Name)> Offered = [("en", "English"), ("zh-CN", "简体中文")];

    internal static RequestLocalizationOptions Options()
    {
        var options = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture(CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo("en")),
            SupportedCultures = [CultureInfo.InvariantCulture],
            SupportedUICultures = [.. Offered.Select(language => CultureInfo.GetCultureInfo(language.Tag))],
        };
        options.RequestCultureProviders = [new CustomRequestCultureProvider(context => Task.FromResult(Of(context.Request)))];
        return options;
    }

    /// <summary>Remembers a language and goes back to the page it was chosen on.</summary>
    internal static IResult Choose(string tag, string? back, HttpContext context)
    {
        if (Offered.Any(language => language.Tag == tag))
        {
            context.Response.Cookies.Append(Cookie, tag, new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Strict, HttpOnly = true, IsEssential = true });
        }

        return Results.LocalRedirect(back is ['/', not ('/' or '\\'), ..] ? back : "/");
    }

    private static ProviderCultureResult? Of(HttpRequest request)
    {
        var wanted = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.ToString())
            .Prepend(request.Cookies[Cookie] ?? "");
        foreach (var tag in wanted)
        {
            // zh, zh-Hans, zh-SG … are all read by who reads zh-CN.
            var found = Offered.FirstOrDefault(language => tag.Equals(language.Tag, StringComparison.OrdinalIgnoreCase)
                || (tag.Length >= 2 && tag[..2].Equals(language.Tag[..2], StringComparison.OrdinalIgnoreCase)));
            if (found.Tag is not null)
            {
                return new ProviderCultureResult("", found.Tag);
            }
        }

        return null;
    }
}
