using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Workbench.Web.Hosting;
using Workbench.Web.Persistence;

namespace Workbench.Web.Tests.Support;

/// <summary>The workbench's services over an empty data folder of their own, started, and removed again at the end.</summary>
internal sealed class TestServices : IAsyncDisposable
{
    private readonly bool ownsFolder;
    private readonly IHost host;

    private TestServices(string root, bool ownsFolder, Action<IServiceCollection>? configure)
    {
        Root = root;
        this.ownsFolder = ownsFolder;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddWorkbench(root);
        configure?.Invoke(builder.Services);
        host = builder.Build();
    }

    public string Root { get; }

    public static async Task<TestServices> StartAsync(string? root = null, Action<IServiceCollection>? configure = null)
    {
        var services = new TestServices(root ?? TestFolder.Create(), root is null, configure);
        await services.host.StartAsync();
        return services;
    }

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    public WorkbenchDbContext Database() => Get<IDbContextFactory<WorkbenchDbContext>>().CreateDbContext();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (ownsFolder)
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
