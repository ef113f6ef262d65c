using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Workbench.Web.Hosting;

namespace Workbench.Web.Tests.Support;

/// <summary>The whole application on a free loopback port, over a data folder of its own.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestApp(WebApplication app, string root)
    {
        this.app = app;
        Root = root;
        Address = new Uri(app.Urls.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
    }

    public string Root { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <param name="listen">Where to listen; the port is free to choose.</param>
    /// <param name="configure">Changes to the services.</param>
    public static async Task<TestApp> StartAsync(string listen = "http://127.0.0.1:0", Action<IServiceCollection>? configure = null)
    {
        var root = TestFolder.Create();
        var app = WorkbenchHost.Build(root, listen, builder =>
        {
            builder.Logging.ClearProviders();
            configure?.Invoke(builder.Services);
        });
        await app.StartAsync();
        return new TestApp(app, root);
    }

    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Posts JSON; returns status and answer.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, object body)
    {
        using var response = await Http.PostAsJsonAsync(path, body);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Root, recursive: true);
    }
}
