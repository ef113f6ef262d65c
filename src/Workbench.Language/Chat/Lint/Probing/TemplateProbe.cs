using System.Diagnostics;
using System.Text.Json;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Lint.Probing;

/// <summary>
/// Renders conversations with a template, each once, all of them together within a budget: a hostile template makes probes
/// fail, it does not make the linter slow.
/// </summary>
internal sealed class TemplateProbe
{
    private static readonly Dictionary<string, string?> NoModelsTokens = new()
    {
        ["bos_token"] = "<|bos|>", ["eos_token"] = "<|eos|>", ["unk_token"] = "<|unk|>", ["pad_token"] = "<|pad|>",
    };

    private static readonly DateTime Today = new(2025, 6, 15, 12, 34, 56);

    private readonly Dictionary<(string Messages, string Kwargs, bool Tools, DateTime Now), ProbeRendering> _known = [];
    private readonly Dictionary<(string Messages, bool Tools), MaskedChat?> _masks = [];
    private readonly TimeSpan _budget;
    private readonly CancellationToken _cancellation;
    private readonly long _started = Stopwatch.GetTimestamp();
    private PretrainedTokenizer? _tokenizer;
    private string? _generationPrompt;

    /// <param name="template">The template to probe.</param>
    /// <param name="model">The tokenizer of the model it is for; null where that is not known.</param>
    /// <param name="budget">Time for all probes together.</param>
    /// <param name="cancellation">Stops the probing.</param>
    public TemplateProbe(ChatTemplate template, PretrainedTokenizer? model, TimeSpan budget, CancellationToken cancellation)
    {
        (Template, Model, _budget, _cancellation) = (template, model, budget, cancellation);
        SpecialTokens = model?.SpecialTokens.ToDictionary(t => t.Key, t => (string?)t.Value) ?? NoModelsTokens;
    }

    /// <summary>A variant of another probe's template: the same answers end it, whatever tags it has.</summary>
    public TemplateProbe(ChatTemplate variant, TemplateProbe original)
        : this(variant, original.Model, original._budget, original._cancellation) =>
        (_tokenizer, _generationPrompt) = (original.Tokenizer, original.GenerationPrompt);

    public ChatTemplate Template { get; }

    public PretrainedTokenizer? Model { get; }

    /// <summary>What the template is given as bos_token, eos_token and so on.</summary>
    public IReadOnlyDictionary<string, string?> SpecialTokens { get; }

    /// <summary>Whether a probe was stopped by a limit, so that rules may have missed something.</summary>
    public bool ReachedLimit { get; private set; }

    /// <summary>Successful renderings so far.</summary>
    public IEnumerable<ProbeRendering> Successes => _known.Values.Where(rendering => rendering.Ok);

    /// <summary>The model's tokenizer, or one made for this template.</summary>
    public PretrainedTokenizer Tokenizer => _tokenizer ??= Model ?? MakeTokenizer();

    /// <summary>The header of an answer; empty where the template writes none.</summary>
    public string GenerationPrompt => _generationPrompt ??= FindGenerationPrompt();

    /// <summary>What the rendering of a question ends with for add_generation_prompt.</summary>
    public ProbeRendering Prompt(string messages, bool tools = false) => Render(messages, """{"add_generation_prompt":true}""", tools);

    /// <param name="messages">JSON of the conversation.</param>
    /// <param name="kwargs">JSON of further arguments.</param>
    /// <param name="tools">Whether to give a tool.</param>
    /// <param name="now">What strftime_now takes for the present.</param>
    public ProbeRendering Render(string messages, string kwargs = "{}", bool tools = false, DateTime? now = null)
    {
        _cancellation.ThrowIfCancellationRequested();
        var key = (messages, kwargs, tools, now ?? Today);
        if (!_known.TryGetValue(key, out var rendering))
        {
            _known[key] = rendering = RenderNew(messages, kwargs, tools, now ?? Today);
            ReachedLimit |= rendering.Error?.Type == "RenderLimitError";
        }

        return rendering;
    }

    /// <summary>The conversation with its masks; null where it does not render.</summary>
    public MaskedChat? Mask(string messages, bool tools = false)
    {
        if (!_masks.TryGetValue((messages, tools), out var mask))
        {
            _masks[(messages, tools)] = mask = MaskWith(Tokenizer, messages, tools);
        }

        return mask;
    }

    private MaskedChat? MaskWith(PretrainedTokenizer tokenizer, string messages, bool tools)
    {
        var rendering = Render(messages, Template.HasGenerationTag ? """{"return_assistant_tokens_mask":true}""" : "{}", tools);
        return rendering.Ok ? MaskBuilder.Build(rendering.Chat!, tokenizer, Parse(messages), null, GenerationPrompt) : null;
    }

    private ProbeRendering RenderNew(string messages, string kwargs, bool tools, DateTime now)
    {
        var left = _budget - Stopwatch.GetElapsedTime(_started);
        if (left <= TimeSpan.Zero)
        {
            return new ProbeRendering(null, new TemplateException("RenderLimitError", "the probes took too long"));
        }

        var request = new ChatRequest
        {
            Messages = Parse(messages),
            Tools = tools ? Parse(Conversations.Tools) : null,
            Kwargs = Parse(kwargs),
            SpecialTokens = SpecialTokens,
            Now = now,
        };
        var options = new RenderOptions { SourceMap = true, MaxSteps = 500_000, MaxOutputLength = 1_000_000, MaxTime = left };
        try
        {
            return new ProbeRendering(Template.Render(request, options, _cancellation), null);
        }
        catch (TemplateException error)
        {
            return new ProbeRendering(null, error);
        }
    }

    /// <summary>What ends plain answers ends those that call tools, too, however many other tokens these write before.</summary>
    private PretrainedTokenizer MakeTokenizer()
    {
        string[] probes = [Conversations.Turn, Conversations.TwoTurns, Conversations.WithSystem, Conversations.ToolRound];
        var texts = probes.Select(probe => Render(probe)).Where(rendering => rendering.Ok).Select(rendering => rendering.Text).ToList();
        var first = ProbeTokenizer.Create(texts, SpecialTokens, null);
        var end = MaskWith(first, Conversations.Turn, tools: false) is { } mask ? EndOf(mask, 1) : null;
        return end is null || first.Tokenizer.TokenToId(end) is null ? first : ProbeTokenizer.Create(texts, SpecialTokens, end);
    }

    /// <summary>The text that ends the turn of a message; null where nothing does.</summary>
    public static string? EndOf(MaskedChat mask, int message)
    {
        var tokens = Enumerable.Range(0, mask.Reasons.Length)
            .Where(i => mask.Reasons[i] is { Kind: LabelKind.EndOfTurn } reason && reason.MessageIndex == message).ToList();
        return tokens.Count == 0 ? null : mask.Rendered[mask.Encoding.CharOffsets[tokens[0]].Start..mask.Encoding.CharOffsets[tokens[^1]].End];
    }

    private string FindGenerationPrompt()
    {
        var (without, with) = (Render(Conversations.Question), Prompt(Conversations.Question));
        return without.Ok && with.Ok ? with.Text[without.Text.AsSpan().CommonPrefixLength(with.Text)..] : "";
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
