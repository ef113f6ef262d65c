using Workbench.Web.Services;

namespace Workbench.Web.Api;

internal static class TemplateRoutes
{
    internal sealed record SaveTemplate(string Name, string Text);

    public static void MapTemplates(this RouteGroupBuilder api)
    {
        var templates = api.MapGroup("/templates").WithTags("templates");
        templates.MapGet("/", (TemplateService service, CancellationToken cancel) => service.ListAsync(cancel));
        templates.MapGet("/presets", (TemplateService service) => service.Presets);
        templates.MapGet("/{id}", (string id, TemplateService service, CancellationToken cancel) => service.GetAsync(id, cancel));
        templates.MapPost("/", async (SaveTemplate body, TemplateService service, CancellationToken cancel) =>
        {
            var template = await service.SaveAsync(body.Name, body.Text, cancel);
            return TypedResults.Created($"/api/templates/{template.Id}", template);
        });
        templates.MapDelete("/{id}", async (string id, TemplateService service, CancellationToken cancel) =>
        {
            await service.DeleteAsync(id, cancel);
            return TypedResults.NoContent();
        });
    }
}
