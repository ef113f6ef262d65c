using System.Net;
using System.Net.WebSockets;
using Workbench.Web.Hosting;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Api;

public sealed class AccessTests
{
    [Fact]
    public async Task On_loopback_no_token_is_needed_but_a_strange_host_is_refused()
    {
        await using var app = await TestApp.StartAsync();
        Assert.Null(app.Get<AccessPolicy>().Token);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/api/runs")).StatusCode);
        using var rebinding = new HttpRequestMessage(HttpMethod.Get, "/api/runs") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.SendAsync(rebinding)).StatusCode);
        using var localhost = new HttpRequestMessage(HttpMethod.Get, "/api/runs") { Headers = { Host = $"localhost:{app.Address.Port}" } };
        Assert.Equal(HttpStatusCode.OK, (await app.Http.SendAsync(localhost)).StatusCode);
    }

    [Fact]
    public async Task Another_web_page_can_change_nothing()
    {
        await using var app = await TestApp.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("""{"text":"a"}"""), "file", "a.jsonl" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/datasets") { Content = form, Headers = { { "Origin", "http://evil.example" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Http.SendAsync(request)).StatusCode);
        Assert.Equal(0, (await app.GetAsync("/api/datasets")).GetArrayLength());
    }

    [Theory]
    [InlineData("/api/runs")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/")]
    public async Task Beyond_loopback_everything_needs_the_token(string path)
    {
        await using var app = await TestApp.StartAsync("http://0.0.0.0:0");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Http.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Http.GetAsync($"{path}?token=wrong")).StatusCode);
    }

    [Fact]
    public async Task The_token_opens_api_and_hub_as_a_header_and_pages_by_a_cookie()
    {
        await using var app = await TestApp.StartAsync("http://0.0.0.0:0");
        var token = app.Get<AccessPolicy>().Token!;
        Assert.Equal(48, token.Length);

        using var bearer = new HttpRequestMessage(HttpMethod.Get, "/api/runs") { Headers = { { "Authorization", $"Bearer {token}" } } };
        Assert.Equal(HttpStatusCode.OK, (await app.Http.SendAsync(bearer)).StatusCode);

        using var entry = await app.Http.GetAsync($"/openapi/v1.json?token={token}&x=1");
        Assert.Equal(HttpStatusCode.Redirect, entry.StatusCode);
        Assert.Equal("/openapi/v1.json?x=1", entry.Headers.Location!.OriginalString);
        var cookie = entry.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(token, cookie, StringComparison.Ordinal);

        using var page = new HttpRequestMessage(HttpMethod.Get, "/api/runs") { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        Assert.Equal(HttpStatusCode.OK, (await app.Http.SendAsync(page)).StatusCode);

        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.ConnectAsync(app.Address));
        await using var hub = await HubClient.ConnectAsync(app.Address, options => options.SetRequestHeader("Authorization", $"Bearer {token}"));
        await hub.SubscribeAsync("nothing", 0);
        await hub.NextAsync("Problem");
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", false)]
    [InlineData("http://localhost:5080", false)]
    [InlineData("http://[::1]:5080;http://127.0.0.2:1", false)]
    [InlineData("http://0.0.0.0:5080", true)]
    [InlineData("http://*:5080", true)]
    [InlineData("http://[::]:5080", true)]
    [InlineData("http://127.0.0.1:5080;http://10.0.0.5:5080", true)]
    public void An_address_beyond_loopback_asks_for_a_token(string urls, bool asked) =>
        Assert.Equal(asked, AccessPolicy.For(urls).Token is not null);
}
