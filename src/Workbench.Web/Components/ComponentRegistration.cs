namespace Workbench.Web.Components;

/// <summary>The pages' own registrations: what they add to the services and to the routes.</summary>
public static class ComponentRegistration
{
    /// <summary>Services of the pages.</summary>
    public static IServiceCollection AddWorkbenchComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services;
    }

    /// <summary>Routes of the pages and their static files.</summary>
    public static WebApplication MapWorkbenchComponents(this WebApplication app)
    {
        app.UseStaticFiles();
        return app;
    }
}
