using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Workbench.Web.Services;

namespace Workbench.Web.Api;

/// <summary>POST /api/render, /api/tokenize, /api/mask and /api/lint: the verbs of these names, one input at a time.</summary>
internal static class TextRoutes
{
    /// <param name="ModelId">A model of this workbench, whose tokenizer is used.</param>
    /// <param name="Input">A text, or {"text","pair"}.</param>
    internal sealed record Tokenize(string ModelId, JsonElement Input, bool AddSpecialTokens = true, bool Offsets = false, bool Decode = false);

    /// <param name="ModelId">A model of this workbench, whose tokenizer is used.</param>
    /// <param name="Input">{"messages","tools","kwargs"} or {"prompt","completion"}.</param>
    /// <param name="Template">Template text in place of the model's own.</param>
    /// <param name="Train">assistant, last-turn, all or generation-tags.</param>
    /// <param name="SplitSpecialTokens">Whether special tokens that messages spell out stay text.</param>
    /// <param name="Details">Whether each token's reason, both masks and the places of the findings are wanted, too.</param>
    internal sealed record Mask(
        string ModelId, JsonElement Input, string? Template = null, string Train = "assistant", bool Reasoning = true, bool ToolCalls = true,
        bool SplitSpecialTokens = false, bool Details = false);

    /// <param name="Template">The Jinja text.</param>
    /// <param name="ModelId">The model it is for; null where none is chosen.</param>
    internal sealed record Lint(string Template, string? ModelId = null);

    public static void MapText(this RouteGroupBuilder api)
    {
        var text = api.MapGroup("/").WithTags("text");
        text.MapPost("/render", (JsonElement body, bool? source_map, TimeProvider clock, CancellationToken cancel) =>
                Json(json => new Rendering(null, clock.GetLocalNow().DateTime, source_map ?? false).Write(body, json, cancel)))
            .WithDescription("{\"template_text\",\"messages\",\"tools\",\"documents\",\"kwargs\",\"special_tokens\",\"now\"} to {\"rendered\",\"generation_spans\",\"error\"}.");
        text.MapPost("/tokenize", async (Tokenize body, ModelService models, TokenizerCache tokenizers, CancellationToken cancel) =>
        {
            var model = await models.GetAsync(body.ModelId, cancel);
            var tokenization = new Tokenization(tokenizers.Get(model.TokenizerPath).Tokenizer, body.AddSpecialTokens, body.Offsets, body.Decode);
            return Json(json => tokenization.Write(body.Input, json));
        }).WithDescription("A text to {\"ids\",\"offsets\",\"decoded\"}.");
        text.MapPost("/mask", async (Mask body, ModelService models, TokenizerCache tokenizers, CancellationToken cancel) =>
        {
            var model = await models.GetAsync(body.ModelId, cancel);
            var choice = new MaskChoice(body.Train, body.Reasoning, body.ToolCalls, body.SplitSpecialTokens);
            var masking = new Masking(tokenizers.Get(model.TokenizerPath), body.Template, choice.ToOptions(), body.Details);
            return Json(json => masking.Write(body.Input, json, cancel));
        }).WithDescription("A conversation to {\"input_ids\",\"labels\",\"assistant_masks\",\"rendered\",\"warnings\"}.");
        text.MapPost("/lint", async (Lint body, LintService service, CancellationToken cancel) =>
        {
            var findings = await service.LintAsync(body.Template, body.ModelId, cancel);
            return Json(json =>
            {
                json.WriteStartArray();
                foreach (var finding in findings)
                {
                    LintJson.Write(json, finding);
                }

                json.WriteEndArray();
            });
        }).WithDescription("A template to a list of {\"rule\",\"severity\",\"line\",\"column\",\"message\",\"fix\",\"explanation\",\"subject\"}.");
        text.MapPost("/lint/repair", (Lint body, LintService service, CancellationToken cancel) => service.RepairAsync(body.Template, body.ModelId, cancel))
            .WithDescription("A template with generation tags added, or the reason why it cannot have any.");
        text.MapPost("/preview", (PreviewRequest body, PreviewService service, CancellationToken cancel) => service.PreviewAsync(body, cancel))
            .WithDescription("Rendered text, tokens and which of them are trained; or what is wrong and where.");
    }

    private static FileContentHttpResult Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        return TypedResults.Bytes(stream.ToArray(), "application/json");
    }
}
