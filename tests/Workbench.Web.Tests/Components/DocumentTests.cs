using System.Net;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Components;

/// <summary>What the server sends before the circuit begins.</summary>
public sealed class DocumentTests
{
    [Theory]
    [InlineData(null, "media=\"(prefers-color-scheme: dark)\"")]
    [InlineData("workbench-theme=dark", "data-theme=\"dark\"")]
    [InlineData("workbench-theme=evil\"", "media=\"(prefers-color-scheme: dark)\"")]
    public async Task The_theme_comes_from_the_cookie_or_the_system(string? cookie, string expected)
    {
        await using var app = await TestApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/_framework/blazor.web.js", "text/javascript")]
    [InlineData("/css/app.css", "text/css")]
    [InlineData("/icons/favicon.svg", "image/svg+xml")]
    public async Task Everything_the_document_links_to_is_served_and_asked_for_again_after_an_update(string path, string type)
    {
        await using var app = await TestApp.StartAsync();
        using var response = await app.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.CacheControl!.NoCache);
    }

    [Theory]
    [InlineData("text/html", "text/html")]
    [InlineData("application/json", null)]
    public async Task An_unknown_address_is_a_404_with_a_page_only_for_browsers(string accept, string? type)
    {
        await using var app = await TestApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
    }
}
