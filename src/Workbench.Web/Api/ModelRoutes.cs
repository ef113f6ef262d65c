using Workbench.Web.Services;

namespace Workbench.Web.Api;

internal static class ModelRoutes
{
    /// <param name="Path">Full path of a model's folder, or of an adapter's.</param>
    /// <param name="Name">What to call it; by default the folder's name.</param>
    internal sealed record AddModel(string Path, string? Name = null);

    /// <param name="Text">What to split.</param>
    /// <param name="Other">The model whose tokenizer to compare with.</param>
    internal sealed record Compare(string Text, string? Other = null);

    public static void MapModels(this RouteGroupBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("models");
        models.MapGet("/", (ModelService service, CancellationToken cancel) => service.ListAsync(cancel));
        models.MapGet("/{id}", (string id, ModelService service, CancellationToken cancel) => service.GetAsync(id, cancel));
        models.MapGet("/{id}/tokenizer", (string id, TokenizerService service, CancellationToken cancel) => service.DescribeAsync(id, cancel));
        models.MapGet("/{id}/tokenizer/vocabulary", (string id, string text, int? limit, TokenizerService service, CancellationToken cancel) =>
            service.SearchAsync(id, text, limit ?? 50, cancel));
        models.MapGet("/{id}/tokenizer/languages", (string id, string? other, TokenizerService service, CancellationToken cancel) => service.LanguagesAsync(id, other, cancel));
        models.MapPost("/{id}/tokenizer/compare", (string id, Compare body, TokenizerService service, CancellationToken cancel) =>
            service.CompareAsync(id, body.Text, body.Other, cancel));
        models.MapPost("/", async (AddModel body, ModelService service, CancellationToken cancel) =>
        {
            var model = await service.AddFolderAsync(body.Path, body.Name, cancel);
            return TypedResults.Created($"/api/models/{model.Id}", model);
        });
        models.MapPost("/{id}/merge", async (string id, MergeService service, CancellationToken cancel) =>
        {
            await service.StartAsync(id, cancel);
            return TypedResults.Accepted($"/api/models/{id}/merge", service.StateOf(id));
        });
        models.MapGet("/{id}/merge", async (string id, MergeService service, ModelService known, CancellationToken cancel) =>
        {
            await known.GetAsync(id, cancel);
            return TypedResults.Ok(service.StateOf(id));
        });
        models.MapDelete("/{id}", async (string id, ModelService service, CancellationToken cancel) =>
        {
            await service.RemoveAsync(id, cancel);
            return TypedResults.NoContent();
        });
    }
}
