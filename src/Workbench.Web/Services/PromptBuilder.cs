using System.Text.Json;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services;

/// <summary>A prompt as text and as the ids that the model gets.</summary>
internal sealed record Prompt(string Text, IReadOnlyList<int> Ids);

/// <summary>Makes prompts for generation, as transformers' pipelines do.</summary>
internal static class PromptBuilder
{
    /// <summary>A conversation through a chat template, with the header of the answer; the template writes all special tokens itself.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="template">A template in place of the model's own.</param>
    /// <param name="request">An object with messages and maybe tools, documents and kwargs.</param>
    /// <param name="now">The clock of strftime_now.</param>
    /// <param name="cancellationToken">Ends a rendering.</param>
    /// <exception cref="UserInputException">There is no template or there are no messages.</exception>
    /// <exception cref="TemplateException">The template cannot be used for this conversation.</exception>
    public static Prompt FromMessages(
        PretrainedTokenizer tokenizer, string? template, JsonElement request, DateTime now, CancellationToken cancellationToken = default)
    {
        template ??= tokenizer.ChatTemplate ?? throw new UserInputException(
            "The model brings no chat template.", "Choose a template, or ask without one.", "template");
        var chat = new Rendering(template, now).RequestOf(request);
        var rendered = ChatTemplate.Parse(template).Render(
            chat with { Kwargs = TemplateVariables.WithGenerationPrompt(chat.Kwargs), SpecialTokens = chat.SpecialTokens ?? TemplateVariables.SpecialTokens(tokenizer) },
            cancellationToken: cancellationToken);
        return new Prompt(rendered.Text, tokenizer.Tokenizer.Encode(rendered.Text, addSpecialTokens: false).Ids);
    }

    /// <summary>Plain text, with the special tokens that the tokenizer adds.</summary>
    public static Prompt FromText(PretrainedTokenizer tokenizer, string text) => new(text, tokenizer.Tokenizer.Encode(text).Ids);
}
