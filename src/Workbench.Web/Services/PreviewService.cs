using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services;

/// <summary>What a template makes of messages, token by token, while both are being typed: every fault is an answer, not an exception.</summary>
public sealed class PreviewService(ModelService models, TokenizerCache tokenizers, TimeProvider clock)
{
    private const string PromptFlag = "add_generation_prompt";

    /// <summary>Most templates write bos_token or eos_token: without a tokenizer, Llama's stand in their place.</summary>
    private static readonly Dictionary<string, string?> StandIns = new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>" };

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
                folder = (await models.GetAsync(request.ModelId, cancellationToken)).TokenizerPath;
            }
            catch (UserInputException exception)
            {
                return Problem(new PreviewProblem(PreviewInputs.Model, exception.Message, exception.Remedy, null, null));
            }
        }

        return await Task.Run(() => Make(request, folder, cancellationToken), cancellationToken);
    }

    private Preview Make(PreviewRequest request, string? folder, CancellationToken cancellationToken)
    {
        var source = PreviewInputs.Messages;
        try
        {
            var messages = Parse(request.Messages);
            source = PreviewInputs.Tools;
            var tools = ParseOptional(request.Tools);
            source = PreviewInputs.Documents;
            var documents = ParseOptional(request.Documents);
            source = PreviewInputs.Kwargs;
            var kwargs = TemplateVariables.WithGenerationPrompt(ParseOptional(request.Kwargs), request.AddGenerationPrompt);
            source = PreviewInputs.Model;
            var tokenizer = folder is null ? null : tokenizers.Get(folder);
            source = PreviewInputs.Template;
            var chat = new ChatRequest
            {
                Messages = messages,
                Tools = tools,
                Documents = documents,
                Kwargs = kwargs,
                SpecialTokens = tokenizer is null ? StandIns : TemplateVariables.SpecialTokens(tokenizer),
                Now = clock.GetLocalNow().DateTime,
            };
            var template = ChatTemplate.Parse(request.Template);
            var preview = tokenizer is null
                ? Plain(template, chat, cancellationToken)
                : Labelled(MaskBuilder.Build(template, tokenizer, chat, request.Mask?.ToOptions(), cancellationToken), tokenizer);
            var prompt = PromptStart(template, chat, preview.Text!, cancellationToken);
            return preview with { Bands = RoleBands.Of(preview.Origins, messages, prompt) };
        }
        catch (JsonException exception)
        {
            return Problem(new PreviewProblem(
                source, "This is not valid JSON.", "Correct it at the place marked.", (int?)exception.LineNumber + 1, ColumnOf(exception, InputOf(request, source))));
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

    private static Preview Plain(ChatTemplate template, ChatRequest chat, CancellationToken cancellationToken)
    {
        var rendered = template.Render(chat, Limits with { SourceMap = true }, cancellationToken);
        return new Preview(rendered.Text, [], 0, rendered.Warnings, null) { Origins = rendered.SourceMap!.Spans };
    }

    private static Preview Labelled(MaskedChat masked, PretrainedTokenizer tokenizer) =>
        new(masked.Rendered, Tokens(masked, tokenizer.Tokenizer), masked.TrainedTokens, masked.Warnings, null) { Origins = masked.SourceMap!.Spans };

    /// <summary>Where add_generation_prompt's text begins: behind the rendering without it, where that is how this one begins.</summary>
    private static int PromptStart(ChatTemplate template, ChatRequest chat, string text, CancellationToken cancellationToken)
    {
        if (chat.Kwargs is not { } kwargs || !kwargs.TryGetProperty(PromptFlag, out var add) || add.ValueKind != JsonValueKind.True)
        {
            return text.Length;
        }

        try
        {
            var without = JsonObject.Create(kwargs)!;
            without[PromptFlag] = false;
            var rest = template.Render(chat with { Kwargs = JsonSerializer.SerializeToElement(without) }, Limits, cancellationToken).Text;
            return text.StartsWith(rest, StringComparison.Ordinal) ? rest.Length : text.Length;
        }
        catch (TemplateException)
        {
            return text.Length; // a template that needs the flag is read without the distinction
        }
    }

    private static string InputOf(PreviewRequest request, string source) => source switch
    {
        PreviewInputs.Messages => request.Messages,
        PreviewInputs.Tools => request.Tools ?? "",
        PreviewInputs.Documents => request.Documents ?? "",
        _ => request.Kwargs ?? "",
    };

    /// <summary>The reader counts UTF-8 bytes, an editor characters.</summary>
    private static int? ColumnOf(JsonException exception, string json)
    {
        if (exception is not { LineNumber: { } line, BytePositionInLine: { } bytes })
        {
            return null;
        }

        var column = 1;
        foreach (var rune in (json.Split('\n').ElementAtOrDefault((int)line) ?? "").EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                break;
            }

            column += rune.Utf16SequenceLength;
        }

        return column;
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, Reading);
        return document.RootElement.Clone();
    }

    private static JsonElement? ParseOptional(string? json) => string.IsNullOrWhiteSpace(json) ? null : Parse(json);

    private static PreviewToken[] Tokens(MaskedChat masked, Tokenizer tokenizer)
    {
        var (tokens, places) = (masked.Encoding.Tokens, masked.Encoding.CharOffsets);
        return
        [
            .. masked.InputIds.Select((id, i) => new PreviewToken(
                id, tokens[i], places[i].Start, places[i].End, masked.Labels[i] != MaskedChat.Ignored, masked.Reasons[i].Sentence,
                tokenizer.IsSpecial(id))),
        ];
    }

    private static Preview Problem(PreviewProblem problem) => new(null, [], 0, [], problem);
}
