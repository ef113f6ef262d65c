using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Workbench.Web.Api;
using Workbench.Web.Hubs;

namespace Workbench.Web.Hosting;

/// <summary>What HTTP needs beyond the services: JSON names, problems, the hub, who may come in.</summary>
internal static class WorkbenchWeb
{
    public static IServiceCollection AddWorkbenchWeb(this IServiceCollection services, AccessPolicy policy, string dataRoot)
    {
        services.AddSingleton(policy);
        services.AddProblemDetails();
        services.AddExceptionHandler<Problems.Handler>();
        services.AddAntiforgery();
        // The keys that sign forms belong to the data folder: pages opened before a restart go on working after it.
        services.AddDataProtection().SetApplicationName("workbench").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(dataRoot, "keys")));
        services.AddOpenApi();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // bad JSON becomes a problem, too
        services.AddSingleton<RunFeed>();
        services.AddSignalR().AddJsonProtocol(options => Shape(options.PayloadSerializerOptions));
        services.ConfigureHttpJsonOptions(options => Shape(options.SerializerOptions));
        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = ApiRoutes.MaxJsonBody;
        });
        return services;
    }

    /// <summary>Names as in the field's JSON (model_name_or_path, input_ids): snake_case, states as words.</summary>
    private static void Shape(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
    }
}
