using System.Text.Json;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Masks;

/// <summary>Tokenizes a conversation and decides which tokens are trained. The preview and the trainer use this very class.</summary>
public static class MaskBuilder
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
        if (template.HasGenerationTag && !Continues(request))
        {
            request = request with { Kwargs = GenerationPrompt.With(request.Kwargs, "return_assistant_tokens_mask", true) };
        }

        var rendered = template.Render(request, RenderOptions.Default with { SourceMap = true }, cancellationToken);
        return Build(rendered, tokenizer, request.Messages, options, prompt, Continues(request));
    }

    /// <summary>Labels a conversation that is rendered already.</summary>
    /// <param name="rendered">The rendering, with its source map.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="messages">The messages that were rendered.</param>
    /// <param name="options">What to train on.</param>
    /// <param name="generationPrompt">What the template writes for add_generation_prompt; empty where unknown.</param>
    /// <param name="continues">Whether the last message is to be continued, so that nothing ends it yet.</param>
    /// <exception cref="ArgumentException">The rendering has no source map.</exception>
    public static MaskedChat Build(
        RenderedChat rendered,
        PretrainedTokenizer tokenizer,
        JsonElement messages,
        MaskOptions? options = null,
        string generationPrompt = "",
        bool continues = false)
    {
        options ??= MaskOptions.Default;
        var sources = rendered.SourceMap?.Spans
            ?? throw new ArgumentException("The mask needs to know where the text came from: render with RenderOptions.SourceMap.", nameof(rendered));

        var findings = new List<MaskFinding>();
        var encoding = Encode(rendered, tokenizer, options, findings);
        var roles = new ChatRoles(messages);
        var firstMessage = sources.FirstOrDefault(s => s.MessageIndex is not null && s.Field != "role")?.Start ?? 0;
        var endOfTurn = new EndOfTurnFinder(rendered.Text, encoding, tokenizer, firstMessage, generationPrompt);
        var provenance = new ProvenanceMask(rendered.Text, sources, roles, options, generationPrompt, endOfTurn);
        var reasons = Label(encoding, provenance.Build());
        var assistantMasks = rendered.GenerationSpans is { } spans ? AssistantMask.Build(encoding.Offsets, spans) : null;
        var chosen = Choose(reasons, assistantMasks, options.Train);
        if (options.Train == TrainOn.GenerationTags && assistantMasks is null)
        {
            findings.Add(MaskFindings.NoGenerationTags);
        }

        MaskFindings.AddNothingTrained(findings, chosen);
        MaskFindings.AddWithoutEnd(findings, continues ? provenance.WithoutEnd.Where(m => m != roles.LastAssistant) : provenance.WithoutEnd);
        MaskFindings.AddWeights(findings, messages);
        if (assistantMasks is not null)
        {
            // Tags know nothing of options and flags, so they are compared with all that the assistant says.
            var all = new ProvenanceMask(rendered.Text, sources, roles.WithoutFlags(), MaskOptions.Default, generationPrompt, endOfTurn);
            MaskFindings.AddDifferences(findings, encoding, Label(encoding, all.Build()), assistantMasks);
        }

        return Create(rendered.Text, encoding, chosen, reasons, assistantMasks, findings) with { SourceMap = rendered.SourceMap };
    }

    /// <summary>The template wrote its special tokens itself: adding others would double the BOS.</summary>
    private static TokenEncoding Encode(RenderedChat rendered, PretrainedTokenizer tokenizer, MaskOptions options, List<MaskFinding> findings)
    {
        var encoding = tokenizer.Tokenizer.Encode(rendered.Text, addSpecialTokens: false);
        var data = UserText.Stretches(rendered.Text, rendered.SourceMap!.Spans);
        var forged = ForgedTokens.Find(encoding, tokenizer, data);
        ForgedTokens.Report(findings, encoding, forged, rendered.SourceMap, options.RecognizeSpecialTokens);
        return options.RecognizeSpecialTokens || forged.Count == 0 ? encoding : tokenizer.Tokenizer.Encode(rendered.Text, data, addSpecialTokens: false);
    }

    /// <summary>Labels a prompt and its completion: the prompt is not trained, the completion and the eos token behind it are.</summary>
    /// <param name="tokenizer">The model's tokenizer; what it adds of its own (a BOS token) is kept and not trained.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="completion">What the model is to answer.</param>
    /// <param name="options">Only <see cref="MaskOptions.Train"/> <c>All</c> and <see cref="MaskOptions.RecognizeSpecialTokens"/> matter here.</param>
    public static MaskedChat Build(PretrainedTokenizer tokenizer, string prompt, string completion, MaskOptions? options = null)
    {
        options ??= MaskOptions.Default;
        var findings = new List<MaskFinding>();
        var text = prompt + completion;
        if (tokenizer.SpecialTokens.TryGetValue("eos_token", out var eos) && tokenizer.EosTokenId is not null)
        {
            text += completion.EndsWith(eos, StringComparison.Ordinal) ? "" : eos;
        }
        else
        {
            findings.Add(new MaskFinding(
                MaskFindingKind.NoEndOfTurn,
                "The tokenizer has no eos_token, so the model does not learn where an answer ends. Set eos_token in tokenizer_config.json."));
        }

        var encoding = options.RecognizeSpecialTokens
            ? tokenizer.Tokenizer.Encode(text)
            : tokenizer.Tokenizer.Encode(text, [(0, prompt.Length + completion.Length)]);
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
                findings.Add(new MaskFinding(
                    MaskFindingKind.SharedToken,
                    $"Token {i} belongs to the prompt and to the completion and is trained. Move the space between them to the start of the completion.")
                {
                    Tokens = [(i, i + 1)],
                });
            }
        }

        if (completion.Length == 0)
        {
            findings.Add(new MaskFinding(
                MaskFindingKind.EmptyCompletion, "The completion is empty: only the end of the answer is trained. Drop the row or fill it."));
        }

        return Create(text, encoding, reasons, reasons, null, findings);
    }

    /// <summary>transformers refuses the assistant mask together with continue_final_message.</summary>
    private static bool Continues(ChatRequest request) =>
        request.Kwargs is { ValueKind: JsonValueKind.Object } kwargs
        && kwargs.TryGetProperty("continue_final_message", out var value)
        && value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);

    /// <summary>A token is trained where any character of it is: a boundary inside a token cannot be had.</summary>
    private static LabelReason[] Label(TokenEncoding encoding, List<TrainedSpan> list)
    {
        var reasons = new LabelReason[encoding.Ids.Length];
        var (spans, offsets, first) = (list.ToArray(), encoding.CharOffsets, 0);
        for (var i = 0; i < reasons.Length; i++)
        {
            var (start, end) = offsets[i];
            while (first < spans.Length && spans[first].End <= start)
            {
                first++;
            }

            var best = new LabelReason(LabelKind.Added, false, null);
            for (var s = first; s < spans.Length && spans[s].Start < end; s++)
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

    private static LabelReason[] Choose(LabelReason[] reasons, int[]? assistantMasks, TrainOn train) => train switch
    {
        TrainOn.All => Array.ConvertAll(reasons, r => r with { Trained = true }),
        TrainOn.GenerationTags => [.. reasons.Select((r, i) => r with { Trained = assistantMasks?[i] == 1 })],
        _ => reasons,
    };

    private static int[] LabelsOf(int[] ids, LabelReason[] chosen)
    {
        var labels = new int[ids.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = chosen[i].Trained ? ids[i] : MaskedChat.Ignored;
        }

        return labels;
    }

    private static MaskedChat Create(
        string text, TokenEncoding encoding, LabelReason[] chosen, LabelReason[] provenance, int[]? assistantMasks, List<MaskFinding> findings) => new()
    {
        InputIds = encoding.Ids,
        Labels = LabelsOf(encoding.Ids, chosen),
        AssistantMasks = assistantMasks,
        ProvenanceMasks = Array.ConvertAll(provenance, r => r.Trained ? 1 : 0),
        Rendered = text,
        Encoding = encoding,
        Reasons = chosen,
        Findings = findings,
    };
}
