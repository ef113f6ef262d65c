using System.Text.Json;
using System.Text.RegularExpressions;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Masks;

/// <summary>Tokenizes a conversation and decides which tokens are trained. The preview and the trainer use this very class.</summary>
public static partial class MaskBuilder
{
    /// <summary>Renders a conversation and labels it.</summary>
    /// <param name="template">The chat template.</param>
    /// <param name="tokenizer">The model's tokenizer; its special tokens are the template's unless the request brings its own.</param>
    /// <param name="request">The conversation.</param>
    /// <param name="options">What to train on.</param>
    /// <param name="cancellationToken">Stops the rendering.</param>
    /// <exception cref="TemplateException">The template failed.</exception>
    public static MaskedChat Build(
        ChatTemplate template,
        PretrainedTokenizer tokenizer,
        ChatRequest request,
        MaskOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        request = request with { SpecialTokens = request.SpecialTokens ?? tokenizer.SpecialTokens.ToDictionary(t => t.Key, t => (string?)t.Value) };
        var prompt = GenerationPrompt.Of(template, request, cancellationToken);
        if (GenerationTag().IsMatch(template.Text) && !Continues(request))
        {
            request = request with { Kwargs = GenerationPrompt.With(request.Kwargs, "return_assistant_tokens_mask", true) };
        }

        var rendered = template.Render(request, RenderOptions.Default with { SourceMap = true }, cancellationToken);
        return Build(rendered, tokenizer, request.Messages, options, prompt);
    }

    /// <summary>Labels a conversation that is rendered already.</summary>
    /// <param name="rendered">The rendering, with its source map.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="messages">The messages that were rendered.</param>
    /// <param name="options">What to train on.</param>
    /// <param name="generationPrompt">What the template writes for add_generation_prompt; empty where unknown.</param>
    /// <exception cref="ArgumentException">The rendering has no source map.</exception>
    public static MaskedChat Build(
        RenderedChat rendered,
        PretrainedTokenizer tokenizer,
        JsonElement messages,
        MaskOptions? options = null,
        string generationPrompt = "")
    {
        options ??= MaskOptions.Default;
        var sources = rendered.SourceMap?.Spans
            ?? throw new ArgumentException("The mask needs to know where the text came from: render with RenderOptions.SourceMap.", nameof(rendered));

        // The template wrote its special tokens itself: adding others would double the BOS.
        var encoding = tokenizer.Tokenizer.Encode(rendered.Text, addSpecialTokens: false, options.RecognizeSpecialTokens);
        var roles = new ChatRoles(messages);
        var firstMessage = sources.FirstOrDefault(s => s.MessageIndex is not null && s.Field != "role")?.Start ?? 0;
        var provenance = new ProvenanceMask(
            rendered.Text, sources, roles, options, generationPrompt,
            new EndOfTurnFinder(rendered.Text, encoding, tokenizer, firstMessage));
        var reasons = Label(encoding, provenance.Build());
        var assistantMasks = rendered.GenerationSpans is { } spans ? AssistantMask.Build(encoding.Offsets, spans) : null;
        var warnings = new List<string>();
        var chosen = Choose(reasons, assistantMasks, options.Train, warnings);
        MaskFindings.Add(warnings, encoding, reasons, assistantMasks, provenance.WithoutEnd, options, chosen);
        return Create(rendered.Text, encoding, chosen, assistantMasks, warnings);
    }

    /// <summary>Labels a prompt and its completion: the prompt is not trained, the completion and the eos token behind it are.</summary>
    /// <param name="tokenizer">The model's tokenizer; what it adds of its own (a BOS token) is kept and not trained.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="completion">What the model is to answer.</param>
    /// <param name="options">Only <see cref="MaskOptions.Train"/> <c>All</c> and <see cref="MaskOptions.RecognizeSpecialTokens"/> matter here.</param>
    public static MaskedChat Build(PretrainedTokenizer tokenizer, string prompt, string completion, MaskOptions? options = null)
    {
        options ??= MaskOptions.Default;
        var warnings = new List<string>();
        var text = prompt + completion;
        if (tokenizer.SpecialTokens.TryGetValue("eos_token", out var eos) && tokenizer.EosTokenId is not null)
        {
            text += completion.EndsWith(eos, StringComparison.Ordinal) ? "" : eos;
        }
        else
        {
            warnings.Add("The tokenizer has no eos_token, so the model does not learn where an answer ends. Set eos_token in tokenizer_config.json.");
        }

        var encoding = tokenizer.Tokenizer.Encode(text, addSpecialTokens: true, options.RecognizeSpecialTokens);
        var reasons = new LabelReason[encoding.Ids.Length];
        for (var i = 0; i < reasons.Length; i++)
        {
            var (start, end) = encoding.CharOffsets[i];
            var kind = encoding.SequenceOf(i) is null || start == end ? LabelKind.Added
                : end <= prompt.Length ? LabelKind.Prompt
                : start >= prompt.Length + completion.Length ? LabelKind.EndOfTurn
                : LabelKind.Completion;
            reasons[i] = new LabelReason(kind, kind is LabelKind.Completion or LabelKind.EndOfTurn || options.Train == TrainOn.All, null);
            if (start < prompt.Length && end > prompt.Length)
            {
                warnings.Add($"Token {i} belongs to the prompt and to the completion and is trained. Move the space between them to the start of the completion.");
            }
        }

        if (completion.Length == 0)
        {
            warnings.Add("The completion is empty: only the end of the answer is trained. Drop the row or fill it.");
        }

        return Create(text, encoding, reasons, null, warnings);
    }

    /// <summary>transformers refuses the assistant mask together with continue_final_message.</summary>
    private static bool Continues(ChatRequest request) =>
        request.Kwargs is { ValueKind: JsonValueKind.Object } kwargs
        && kwargs.TryGetProperty("continue_final_message", out var value)
        && value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);

    [GeneratedRegex(@"\{%-?\s*generation\s*-?%\}")]
    private static partial Regex GenerationTag();

    /// <summary>A token is trained where any character of it is: a boundary inside a token cannot be had.</summary>
    private static LabelReason[] Label(TokenEncoding encoding, IReadOnlyList<TrainedSpan> spans)
    {
        var reasons = new LabelReason[encoding.Ids.Length];
        var first = 0;
        for (var i = 0; i < reasons.Length; i++)
        {
            var (start, end) = encoding.CharOffsets[i];
            while (first < spans.Count && spans[first].End <= start)
            {
                first++;
            }

            var best = new LabelReason(LabelKind.Added, false, null);
            for (var s = first; s < spans.Count && spans[s].Start < end; s++)
            {
                if (best.Kind == LabelKind.Added || (spans[s].Trained && !best.Trained))
                {
                    best = new LabelReason(spans[s].Kind, spans[s].Trained, spans[s].MessageIndex);
                }
            }

            reasons[i] = best;
        }

        return reasons;
    }

    private static LabelReason[] Choose(LabelReason[] reasons, int[]? assistantMasks, TrainOn train, List<string> warnings)
    {
        switch (train)
        {
            case TrainOn.All:
                return Array.ConvertAll(reasons, r => r with { Trained = true });
            case TrainOn.GenerationTags when assistantMasks is not null:
                return [.. reasons.Select((r, i) => r with { Trained = assistantMasks[i] == 1 })];
            case TrainOn.GenerationTags:
                warnings.Add("The template has no {% generation %} tags, so nothing is trained. Put them around what the assistant says, or train on \"assistant\".");
                return Array.ConvertAll(reasons, r => r with { Trained = false });
            default:
                return reasons;
        }
    }

    private static MaskedChat Create(
        string text, TokenEncoding encoding, LabelReason[] reasons, int[]? assistantMasks, List<string> warnings) => new()
    {
        InputIds = encoding.Ids,
        Labels = [.. encoding.Ids.Select((id, i) => reasons[i].Trained ? id : MaskedChat.Ignored)],
        AssistantMasks = assistantMasks,
        Rendered = text,
        Encoding = encoding,
        Reasons = reasons,
        Warnings = warnings,
    };
}
