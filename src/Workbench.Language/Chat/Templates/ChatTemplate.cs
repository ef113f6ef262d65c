using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Workbench.Language.Jinja;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Chat.Templates;

/// <summary>
/// A chat template, rendered as transformers' <c>apply_chat_template(tokenize=False)</c> renders it: the same text, the same
/// generation spans, the same errors. Immutable; one instance serves all threads.
/// </summary>
public sealed partial class ChatTemplate
{
    private const int MaxCached = 256;
    private const int MaxCachedLength = 256 * 1024;

    private static readonly ConcurrentDictionary<string, ChatTemplate> Cache = new();

    private static readonly string[] NoGenerationTag =
        ["return_assistant_tokens_mask==True but chat template does not contain `{% generation %}` keyword."];

    [ThreadStatic]
    private static RenderContext? sharedContext;

    [ThreadStatic]
    private static TextBuilder? sharedOutput;

    private readonly CompiledTemplate compiled;

    private ChatTemplate(string text, CompiledTemplate compiled)
    {
        Text = text;
        this.compiled = compiled;
        HasGenerationTag = GenerationTag().IsMatch(text);
    }

    /// <summary>The template's text as it was given.</summary>
    public string Text { get; }

    /// <summary>Whether transformers would find <c>{% generation %}</c> in the text.</summary>
    public bool HasGenerationTag { get; }

    /// <summary>Names that the template reads from outside: arguments, special tokens, Jinja2's globals.</summary>
    internal IReadOnlyList<string> FreeVariables => compiled.GlobalNames;

    /// <summary>Parses a template, or finds it among those parsed before.</summary>
    /// <param name="text">The template, as in <c>chat_template.jinja</c>.</param>
    /// <param name="limits">Bounds on its size and nesting; the default ones where null.</param>
    /// <exception cref="TemplateException">The template is not valid, or beyond the limits.</exception>
    public static ChatTemplate Parse(string text, ParseLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (limits is null && Cache.TryGetValue(text, out var cached))
        {
            return cached;
        }

        var bounds = limits ?? ParseLimits.Default;
        if (text.Length > bounds.MaxSourceLength)
        {
            throw new TemplateException(
                "RenderLimitError",
                $"the template has {text.Length:N0} characters, the limit is {bounds.MaxSourceLength:N0}; raise ParseLimits.MaxSourceLength if that is intended");
        }

        ChatTemplate template;
        try
        {
            template = new ChatTemplate(text, CompiledTemplate.Compile(text, bounds.MaxNesting));
        }
        catch (PythonError error)
        {
            throw new TemplateException(error.Type, error.Message, error.Line);
        }

        if (limits is null && text.Length <= MaxCachedLength)
        {
            if (Cache.Count >= MaxCached)
            {
                Cache.Clear();
            }

            Cache.TryAdd(text, template);
        }

        return template;
    }

    /// <summary>Renders a conversation.</summary>
    /// <param name="request">Messages, tools and the other arguments of <c>apply_chat_template</c>.</param>
    /// <param name="options">Limits, and whether to record a source map.</param>
    /// <param name="cancellationToken">Stops a rendering that is no longer wanted.</param>
    /// <exception cref="TemplateException">The template failed, as it would in Python, or a limit was reached.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public RenderedChat Render(ChatRequest request, RenderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        options ??= RenderOptions.Default;
        var context = sharedContext ?? new RenderContext();
        var output = sharedOutput ?? new TextBuilder(traced: false, capacity: 4096);
        sharedContext = null;
        sharedOutput = null;
        try
        {
            return Render(context, output, request, options, cancellationToken);
        }
        catch (PythonError error)
        {
            throw new TemplateException(error.Type, error.Message, error.LineIsKnown ? error.Line : context.Line);
        }
        finally
        {
            // A builder that a huge rendering has blown up is not worth keeping.
            Recursion.Payer = null;
            sharedContext = context;
            sharedOutput = output.Length <= MaxCachedLength ? output : null;
        }
    }

    private RenderedChat Render(
        RenderContext context, TextBuilder output, ChatRequest request, RenderOptions options, CancellationToken cancellationToken)
    {
        var bounds = new RenderBounds(
            options.MaxSteps, options.MaxOutputLength, options.MaxIntegerBits, options.MaxRecursion, options.MaxRange, options.MaxMemory, options.MaxTime);
        context.Start(bounds, options.SourceMap, request.Now ?? DateTime.Now, cancellationToken);
        Recursion.Payer = context;
        output.Reset(options.SourceMap, options.MaxOutputLength);
        var variables = request.Variables(options.SourceMap);
        CheckArguments(variables);
        CheckItems(context, variables.Tools, "ValueError", "Tools should either be a JSON schema, or a callable function with type hints and a docstring suitable for auto-conversion to a schema.");
        CheckItems(context, variables.Documents, "TypeError", "Documents should be a list of dicts with 'title' and 'text' keys!");
        var final = variables.ContinueFinalMessage.IsTrue ? FinalMessage.Mark(variables, Text) : null;
        var tracker = variables.ReturnsMask ? new GenerationTracker(output) : null;
        context.Generation = tracker;
        var scope = final is null ? variables.All : new Dictionary<string, Value>(variables.All) { ["messages"] = final.Messages };
        compiled.Render(context, scope, output);

        var text = output.ToString();
        if (final is not null)
        {
            output.Truncate(final.Cut(text));
            text = output.ToString();
        }

        return new RenderedChat
        {
            Text = text,
            GenerationSpans = tracker?.Spans,
            SourceMap = options.SourceMap ? MapOf(output) : null,
            Warnings = variables.ReturnsMask && !HasGenerationTag ? NoGenerationTag : [],
        };
    }

    private static void CheckArguments(ChatVariables variables)
    {
        if (!variables.ContinueFinalMessage.IsTrue)
        {
            return;
        }

        if (variables.AddGenerationPrompt.IsTrue)
        {
            throw Refusal("ValueError", "continue_final_message and add_generation_prompt are not compatible. Use continue_final_message when you want the model to continue the final message, and add_generation_prompt when you want to add a header that will prompt it to start a new assistant message instead.");
        }

        if (variables.ReturnsMask)
        {
            throw Refusal("ValueError", "continue_final_message is not compatible with return_assistant_tokens_mask.");
        }
    }

    private static void CheckItems(RenderContext context, Value items, string errorType, string message)
    {
        if (items is NoneValue)
        {
            return;
        }

        var iterator = items.Iterate(context) ?? throw Refusal("TypeError", $"'{items.TypeName}' object is not iterable");
        while (iterator.MoveNext())
        {
            if (iterator.Current is not DictValue)
            {
                throw Refusal(errorType, message);
            }
        }
    }

    private static PythonError Refusal(string type, string message) => new(type, message) { LineIsKnown = true };

    private static SourceMap MapOf(TextBuilder output)
    {
        var spans = new List<SourceSpan>(output.Segments.Length);
        var start = 0;
        foreach (var segment in output.Segments)
        {
            var end = start + segment.Length;
            spans.Add(new SourceSpan(
                start, end, segment.Position?.Line, segment.Position?.Column, segment.Field?.MessageIndex, segment.Field?.Field));
            start = end;
        }

        return new SourceMap(spans);
    }

    /// <summary>What transformers looks for before it warns that no token will be masked.</summary>
    [GeneratedRegex(@"\{%-?\s*generation\s*-?%\}", RegexOptions.CultureInvariant)]
    private static partial Regex GenerationTag();
}
