using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Localization;
using Radzen;
using Workbench.Web.Components.Pages.Home;
using Workbench.Web.Components.Pages.Runs;
using Workbench.Web.Languages;

namespace Workbench.Web.Components;

/// <summary>The pages' own registrations: what they add to the services and to the routes.</summary>
public static class ComponentRegistration
{
    /// <summary>Longest text that a page may send in one message: a template or a conversation of a million characters.</summary>
    private const int MaxMessageBytes = 8 * 1024 * 1024;

    /// <summary>Services of the pages.</summary>
    public static IServiceCollection AddWorkbenchComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(options => options.MaximumReceiveMessageSize = MaxMessageBytes);
        services.AddRadzenComponents();
        services.AddScoped<WordsLocalizer>();
        services.AddScoped<IStringLocalizer<Words>>(scope => scope.GetRequiredService<WordsLocalizer>());
        services.AddSingleton<HomeState>();
        services.AddSingleton<RunPrefill>();
        return services;
    }

    /// <summary>Routes of the pages and their static files.</summary>
    public static WebApplication MapWorkbenchComponents(this WebApplication app)
    {
        app.UseRequestLocalization(LanguageChoice.Options());

        // A page address that does not exist gets the page that says so; programs keep their bare 404.
        app.UseStatusCodePagesWithReExecute("/not-found");
        app.Use((context, next) =>
        {
            if (!context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
                && context.Features.Get<IStatusCodePagesFeature>() is { } statusPages)
            {
                statusPages.Enabled = false;
            }

            return next(context);
        });
        app.UseAntiforgery(); // again: the re-executed request comes in above this line
        app.UseStaticFiles(Served(app.Environment.WebRootFileProvider)); // Radzen's
        app.UseStaticFiles(Served(new PhysicalFileProvider(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "assets")).FullName)));
        app.MapGet("/language/{tag}", LanguageChoice.Choose).ExcludeFromDescription();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }

    /// <summary>Without a version in their names, files must be asked for again after an update; unchanged ones answer 304.</summary>
    private static StaticFileOptions Served(IFileProvider files) => new()
    {
        FileProvider = files,
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
    };
}
