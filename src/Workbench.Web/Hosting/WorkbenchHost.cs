using Workbench.Web.Api;
using Workbench.Web.Api.OpenAi;
using Workbench.Web.Components;
using Workbench.Web.Hubs;
using Workbench.Web.Services;

namespace Workbench.Web.Hosting;

/// <summary>Builds the web application; only the verb <c>serve</c> and tests come here, so that other verbs start at once.</summary>
public static class WorkbenchHost
{
    /// <param name="dataRoot">The data folder.</param>
    /// <param name="urls">Addresses to listen on; null leaves appsettings.json's.</param>
    /// <param name="configure">Changes to the builder, for tests.</param>
    public static WebApplication Build(string dataRoot, string? urls = null, Action<WebApplicationBuilder>? configure = null)
    {
        // The application's files lie beside it, wherever it is called from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        if (urls is not null)
        {
            builder.WebHost.UseUrls(urls);
        }

        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddWorkbench(dataRoot);
        builder.Services.AddWorkbenchComponents();
        builder.Services.AddWorkbenchWeb(AccessPolicy.For(urls ?? builder.Configuration["Urls"]), dataRoot);
        builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace); // results go to standard output, logs do not
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapWorkbench();
        return app;
    }

    /// <summary>The request pipeline: who may come in, then hub, API and pages.</summary>
    public static WebApplication MapWorkbench(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseMiddleware<AccessMiddleware>();
        app.UseAntiforgery();
        app.MapOpenApi();
        app.MapApi();
        app.MapOpenAiApi();
        app.MapHub<RunHub>("/hubs/runs");
        app.MapWorkbenchComponents();
        return app;
    }
}
