using Workbench.Web.Services;
using Workbench.Web.Services.Hub;

namespace Workbench.Web.Api;

internal static class ModelRoutes
{
    /// <param name="Path">Full path of a model's folder, or of an adapter's.</param>
    /// <param name="Name">What to call it; by default the folder's name.</param>
    internal sealed record AddModel(string Path, string? Name = null);

    /// <param name="Text">What to split.</param>
    /// <param name="Other">The model whose tokenizer to compare with.</param>
    internal sealed record Compare(string Text, string? Other = null);

    /// <param name="Id">Owner and name, or the address of the model's page.</param>
    /// <param name="Site">HuggingFace or ModelScope.</param>
    /// <param name="Revision">Branch, tag or commit; by default the main branch.</param>
    /// <param name="Token">Access token for a private or gated model; it is not kept.</param>
    internal sealed record Download(string Id, HubSiteKind Site = HubSiteKind.HuggingFace, string? Revision = null, string? Token = null);

    /// <param name="Format">hf or gguf.</param>
    /// <param name="Dtype">f32, f16, bf16, or for GGUF q8_0; by default that of the model.</param>
    internal sealed record Export(string Format, string? Dtype = null);

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
        models.MapPost("/{id}/export", async (string id, Export body, ModelExports exports, CancellationToken cancel) =>
        {
            await exports.StartAsync(id, body.Format, body.Dtype, cancel);
            return TypedResults.Accepted($"/api/models/{id}/export", exports.StateOf(id));
        });
        models.MapGet("/{id}/export", async (string id, ModelExports exports, ModelService known, CancellationToken cancel) =>
        {
            await known.GetAsync(id, cancel);
            return TypedResults.Ok(exports.StateOf(id));
        });
        models.MapGet("/exports/{file}", (string file, ModelExports exports) =>
            TypedResults.PhysicalFile(exports.FileOf(file), "application/octet-stream", Path.GetFileName(file), enableRangeProcessing: true));
        models.MapGet("/{id}/lineage", async (string id, ModelService known, ModelLineage lineage, CancellationToken cancel) =>
            await lineage.OriginAsync(await known.GetAsync(id, cancel), cancel));
        models.MapDelete("/{id}", async (string id, ModelLineage lineage, CancellationToken cancel) =>
        {
            await lineage.DeleteAsync(id, cancel);
            return TypedResults.NoContent();
        });
        MapDownloads(models.MapGroup("/downloads"));
    }

    private static void MapDownloads(RouteGroupBuilder downloads)
    {
        downloads.MapGet("/", (HubDownloads service) => service.List());
        downloads.MapGet("/{id}", (string id, HubDownloads service) => service.Get(id));
        downloads.MapPost("/", (Download body, HubDownloads service) =>
        {
            var download = service.Start(HubModel.Parse(body.Site, body.Id, body.Revision), body.Token);
            return TypedResults.Accepted($"/api/models/downloads/{download.Id}", download);
        });
        downloads.MapDelete("/{id}", (string id, HubDownloads service) =>
        {
            service.Cancel(id);
            return TypedResults.NoContent();
        });
    }
}
