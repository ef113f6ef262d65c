using System.Text.Json;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

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
            var rendered = ChatTemplate.Parse(request.Template).Render(chat, Limits, cancellationToken);
            return new Preview(rendered.Text, Tokens(tokenizer, rendered.Text), 0, rendered.Warnings, null);
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

    private static PreviewToken[] Tokens(PretrainedTokenizer? tokenizer, string text)
    {
        if (tokenizer is null)
        {
            return [];
        }

        var encoding = tokenizer.Tokenizer.Encode(text, addSpecialTokens: false);
        return [.. encoding.Ids.Select((id, i) => new PreviewToken(id, encoding.Tokens[i], encoding.CharOffsets[i].Start, encoding.CharOffsets[i].End, false, ""))];
    }

    private static Preview Problem(PreviewProblem problem) => new(null, [], 0, [], problem);
}
