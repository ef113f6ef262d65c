using Microsoft.AspNetCore.Http.Extensions;

namespace Workbench.Web.Hosting;

/// <summary>
/// Checks every request, whether page, API or hub: the Host header, where the request comes from, and the access token if there is one
/// (<c>?token=</c> once, then a cookie; or <c>Authorization: Bearer</c>).
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, AccessPolicy policy)
{
    internal const string Cookie = "workbench-access";

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!policy.AcceptsHost(request.Host))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"This workbench does not answer for the host \"{request.Host}\".",
                "Use http://127.0.0.1 or http://localhost with its port.");
            return;
        }

        if (ComesFromElsewhere(request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The request comes from another web page.",
                "Call the workbench from its own pages, or from a program (without an Origin header).");
            return;
        }

        if (policy.Token is not null && !await IsAllowedAsync(context))
        {
            return;
        }

        await next(context);
    }

    /// <summary>
    /// A browser says which page sent a request; only our own may change anything or open a socket. A plain link to a page is fine,
    /// and so is a program that sends no Origin.
    /// </summary>
    private static bool ComesFromElsewhere(HttpRequest request)
    {
        if (request.Headers.Origin is [{ Length: > 0 } origin])
        {
            return !Uri.TryCreate(origin, UriKind.Absolute, out var page)
                || !page.Authority.Equals(WithoutDefaultPort(request), StringComparison.OrdinalIgnoreCase);
        }

        return !HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"] is ["cross-site"];
    }

    private static string WithoutDefaultPort(HttpRequest request) =>
        new Uri($"{request.Scheme}://{request.Host.Value}").Authority;

    private async Task<bool> IsAllowedAsync(HttpContext context)
    {
        var request = context.Request;
        if (policy.IsCookie(request.Cookies[Cookie]) || policy.IsToken(Bearer(request)))
        {
            return true;
        }

        if (policy.IsToken(request.Query["token"]))
        {
            context.Response.Cookies.Append(Cookie, policy.CookieValue!, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = request.IsHttps,
                IsEssential = true,
            });
            if (!HttpMethods.IsGet(request.Method) || request.Headers.Upgrade.Count > 0)
            {
                return true;
            }

            // The token must not stay in the address bar, the history or a Referer.
            var rest = new QueryBuilder(request.Query.Where(pair => pair.Key != "token"));
            context.Response.Redirect($"{request.PathBase}{request.Path}{rest}");
            return false;
        }

        await RefuseAsync(context, StatusCodes.Status401Unauthorized, "This workbench needs its access token.",
            "Open the address that was printed when it started (it ends in ?token=…), or send the header Authorization: Bearer TOKEN.");
        return false;
    }

    private static string? Bearer(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : null;
    }

    private static Task RefuseAsync(HttpContext context, int status, string message, string remedy)
    {
        context.Response.StatusCode = status;
        if (context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync($"{message} {remedy}\n");
        }

        return Problems.WriteAsync(context, status, "access", message, remedy);
    }
}
