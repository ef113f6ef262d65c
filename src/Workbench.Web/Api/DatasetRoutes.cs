using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Workbench.Data.Filters;
using Workbench.Web.Services;

namespace Workbench.Web.Api;

internal static class DatasetRoutes
{
    /// <summary>Largest upload, in bytes.</summary>
    private const long MaxUpload = 16L * 1024 * 1024 * 1024;

    public static void MapDatasets(this RouteGroupBuilder api)
    {
        var datasets = api.MapGroup("/datasets").WithTags("datasets");
        datasets.MapGet("/", (DatasetService service, CancellationToken cancel) => service.ListAsync(cancel));
        datasets.MapGet("/{id}", (string id, DatasetService service, CancellationToken cancel) => service.GetAsync(id, cancel));
        datasets.MapGet("/{id}/versions", async (string id, DatasetService service, CancellationToken cancel) =>
            (await service.GetAsync(id, cancel)).Versions);
        datasets.MapGet("/{id}/rows", (string id, int? skip, int? take, DatasetService service, CancellationToken cancel) =>
            service.RowsAsync(id, skip ?? 0, take ?? 50, cancel));
        datasets.MapGet("/{id}/bad", (string id, int? take, DatasetService service, CancellationToken cancel) =>
            service.BadRowsAsync(id, take ?? DatasetService.MaxPage, cancel));
        datasets.MapPost("/", UploadAsync)
            .Accepts<IFormFile>("multipart/form-data", "application/jsonl", "application/octet-stream")
            .Produces<ImportReport>(StatusCodes.Status201Created)
            .WithDescription("A form with one file, or the file as the body. Query: name, file_name.");
        datasets.MapPost("/{id}/versions", async (string id, int? parent, JsonElement recipe, DatasetRecipes recipes, CancellationToken cancel) =>
        {
            var derived = await recipes.ApplyAsync(id, Recipe.Parse(recipe.GetRawText()), parent, cancellationToken: cancel);
            return TypedResults.Created($"/api/datasets/{id}/versions", derived);
        }).WithDescription("Applies a recipe to a version (the newest without parent) and makes another of the rows that pass.");
        datasets.MapPost("/{id}/preview", (string id, int? parent, int? rows, JsonElement recipe, DatasetRecipes recipes, CancellationToken cancel) =>
            recipes.PreviewAsync(id, Recipe.Parse(recipe.GetRawText()), parent, rows, cancellationToken: cancel))
            .WithDescription("What a recipe would do to the first rows of a version: counts for each step, and rows removed or changed with the reason.");
        datasets.MapDatasetExports();
        datasets.MapDelete("/{id}", async (string id, DatasetService service, CancellationToken cancel) =>
        {
            await service.DeleteAsync(id, cancel);
            return TypedResults.NoContent();
        });
    }

    /// <summary>The upload is read as it arrives: nothing is buffered, whatever its size.</summary>
    private static async Task<IResult> UploadAsync(HttpRequest request, string? name, DatasetService service, CancellationToken cancel)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxUpload;
        }

        try
        {
            var (stream, fileName) = await FileOfAsync(request, cancel);
            var report = await service.ImportAsync(stream, fileName, name, cancellationToken: cancel);
            return TypedResults.Created($"/api/datasets/{report.Dataset.Id}", report);
        }
        catch (UserInputException)
        {
            await request.Body.CopyToAsync(Stream.Null, cancel); // who still sends would meet a closed connection instead of the reason
            throw;
        }
    }

    private static async Task<(Stream Stream, string FileName)> FileOfAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!request.HasFormContentType)
        {
            return (request.Body, request.Query["file_name"].FirstOrDefault() ?? "upload.jsonl");
        }

        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value;
        if (!string.IsNullOrEmpty(boundary))
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancel) is { } section)
            {
                if (section.AsFileSection() is { FileStream: { } stream } file)
                {
                    return (stream, file.FileName);
                }
            }
        }

        throw new UserInputException("The form holds no file.", "Send one file, for example: curl -F file=@chat.jsonl …/api/datasets");
    }
}
