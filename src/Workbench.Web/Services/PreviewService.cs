using System.Text.Json;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Templates;

namespace Workbench.Web.Services;

/// <summary>What a template makes of messages, token by token, while both are being typed: every fault is an answer, not an exception.</summary>
public sealed class PreviewService(ModelService models, TokenizerCache tokenizers, TimeProvider clock)
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 128 };

    /// <summary>What a preview may cost; ordinary templates need milliseconds.</summary>
    private static readonly RenderOptions Limits = new() { MaxTime = TimeSpan.FromSeconds(2), MaxOutputLength = 4 * 1024 * 1024 };

    /// <param name="request">Template, messages, maybe a model.</param>
    /// <param name="cancellationToken">Ends a preview that was superseded.</param>
    public async Task<Preview> PreviewAsync(PreviewRequest request, CancellationToken cancellationToken = default)
    {
        string? folder = null;
        if (request.ModelId is not null)
        {
            try
            {
                folder = (await models.GetAsync(request.ModelId, cancellationToken)).Path;
            }
            catch (UserInputException exception)
            {
                return Problem(new PreviewProblem("model", exception.Message, exception.Remedy, null, null));
            }
        }

        return await Task.Run(() => Make(request, folder, cancellationToken), cancellationToken);
    }

    private Preview Make(PreviewRequest request, string? folder, CancellationToken cancellationToken)
    {
        var source = "messages";
        try
        {
            var messages = Parse(request.Messages);
            source = "tools";
            var tools = ParseOptional(request.Tools);
            source = "documents";
            var documents = ParseOptional(request.Documents);
            source = "kwargs";
            var kwargs = TemplateVariables.WithGenerationPrompt(ParseOptional(request.Kwargs), request.AddGenerationPrompt);
            source = "model";
            var tokenizer = folder is null ? null : tokenizers.Get(folder);
            source = "template";
            var chat = new ChatRequest
            {
                Messages = messages,
                Tools = tools,
                Documents = documents,
                Kwargs = kwargs,
                SpecialTokens = tokenizer is null ? null : TemplateVariables.SpecialTokens(tokenizer),
                Now = clock.GetLocalNow().DateTime,
            };
            var template = ChatTemplate.Parse(request.Template);
            if (tokenizer is null)
            {
                var rendered = template.Render(chat, Limits, cancellationToken);
                return new Preview(rendered.Text, [], 0, rendered.Warnings, null);
            }

            var masked = MaskBuilder.Build(template, tokenizer, chat, request.Mask?.ToOptions(), cancellationToken);
            return new Preview(masked.Rendered, Tokens(masked), masked.TrainedTokens, masked.Warnings, null);
        }
        catch (JsonException exception)
        {
            return Problem(new PreviewProblem(
                source, "This is not valid JSON.", "Correct it at the place marked.", (int?)exception.LineNumber + 1, (int?)exception.BytePositionInLine + 1));
        }
        catch (TemplateException exception)
        {
            return Problem(new PreviewProblem(source, $"{exception.Type}: {exception.Message}", null, exception.Line, null));
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            return Problem(new PreviewProblem(source, failure.Message, failure.Remedy, null, null));
        }
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, Reading);
        return document.RootElement.Clone();
    }

    private static JsonElement? ParseOptional(string? json) => string.IsNullOrWhiteSpace(json) ? null : Parse(json);

    private static PreviewToken[] Tokens(MaskedChat masked)
    {
        var (tokens, places) = (masked.Encoding.Tokens, masked.Encoding.CharOffsets);
        return
        [
            .. masked.InputIds.Select((id, i) => new PreviewToken(
                id, tokens[i], places[i].Start, places[i].End, masked.Labels[i] != MaskedChat.Ignored, masked.Reasons[i].Sentence)),
        ];
    }

    private static Preview Problem(PreviewProblem problem) => new(null, [], 0, [], problem);
}
