using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Chat.Masks;

/// <summary>What a template writes for <c>add_generation_prompt</c>, learnt by rendering a question with and without it.</summary>
internal static class GenerationPrompt
{
    private const int MaxKept = 64;

    /// <summary>Longer ones are no header, and looking for them in every text would take its time.</summary>
    private const int MaxLength = 2000;

    private static readonly JsonElement Question = JsonDocument.Parse("""[{"role":"user","content":"Q"}]""").RootElement;

    private static readonly ConditionalWeakTable<ChatTemplate, ConcurrentDictionary<string, string>> Known = [];

    /// <summary>The header of an answer under the request's own variables; empty where the template writes none.</summary>
    public static string Of(ChatTemplate template, ChatRequest request, CancellationToken cancellationToken)
    {
        var prompts = Known.GetOrCreateValue(template);
        var key = request.Kwargs?.GetRawText() ?? "";
        if (prompts.TryGetValue(key, out var prompt))
        {
            return prompt;
        }

        prompt = Probe(template, request, cancellationToken);
        if (prompts.Count < MaxKept)
        {
            prompts[key] = prompt;
        }

        return prompt;
    }

    /// <summary>The request's arguments with one of them set.</summary>
    public static JsonElement With(JsonElement? kwargs, string name, bool value)
    {
        var arguments = kwargs is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given)! : [];
        arguments[name] = value;
        return JsonSerializer.SerializeToElement(arguments);
    }

    private static string Probe(ChatTemplate template, ChatRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var without = Render(false);
            var with = Render(true);
            var prompt = with[without.AsSpan().CommonPrefixLength(with)..];
            return prompt.Length <= MaxLength ? prompt : "";
        }
        catch (TemplateException)
        {
            return ""; // a template that refuses a lone question has no header to learn this way
        }

        string Render(bool add)
        {
            var kwargs = JsonObject.Create(With(request.Kwargs, "add_generation_prompt", add))!;
            kwargs.Remove("continue_final_message");
            kwargs.Remove("return_assistant_tokens_mask");
            var probe = request with { Messages = Question, Kwargs = JsonSerializer.SerializeToElement(kwargs) };
            return template.Render(probe, null, cancellationToken).Text;
        }
    }
}
