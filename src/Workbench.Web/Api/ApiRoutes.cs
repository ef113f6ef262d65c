namespace Workbench.Web.Api;

/// <summary>The HTTP API: everything that the pages do, under /api. One file a resource.</summary>
internal static class ApiRoutes
{
    /// <summary>Largest JSON body; files go through dataset uploads, which have their own limit.</summary>
    internal const long MaxJsonBody = 16 * 1024 * 1024;

    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapTemplates();
        api.MapText();
        api.MapModels();
        api.MapDatasets();
        api.MapRuns();
        api.MapFallback(() => Results.Problem(title: "There is no such address in the API.", type: "not_found", statusCode: StatusCodes.Status404NotFound,
            extensions: new Dictionary<string, object?> { ["remedy"] = "See /openapi/v1.json for what there is." }))
            .ExcludeFromDescription();
    }
}
