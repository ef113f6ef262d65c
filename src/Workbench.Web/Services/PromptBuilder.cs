using System.Text.Json;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Services;

/// <summary>A prompt as text and as the ids that the model gets.</summary>
/// <param name="Offsets">For each token its stretch of the text in UTF-16 units; (0, 0) for one that the tokenizer added.</param>
/// <param name="AddsSpecialTokens">Whether the tokenizer adds its special tokens, or the text has them already.</param>
internal sealed record Prompt(string Text, IReadOnlyList<int> Ids, IReadOnlyList<(int Start, int End)> Offsets, bool AddsSpecialTokens)
{
    /// <summary>The prompt with the beginning of the answer after it.</summary>
    public Prompt With(PretrainedTokenizer tokenizer, AnswerStart start)
    {
        if (start.Ids is { } ids)
        {
            // The model's own tokens, which need not be those that its text would be split into.
            return new Prompt(Text + start.Text, [.. Ids, .. ids], [.. Offsets, .. ids.Select(_ => (0, 0))], AddsSpecialTokens);
        }

        // Together, as transformers' continue_final_message does it: a sentencepiece tokenizer would begin a text of its own with a space.
        var encoded = tokenizer.Tokenizer.Encode(Text + start.Text, AddsSpecialTokens);
        return new Prompt(Text + start.Text, encoded.Ids, encoded.CharOffsets, AddsSpecialTokens);
    }

    /// <summary>The tokens, to be shown.</summary>
    public IReadOnlyList<PromptToken> Tokens(PretrainedTokenizer tokenizer) => [.. Ids.Select((id, index) =>
    {
        var (start, end) = Offsets[index];
        return new PromptToken(id, end > start ? Text[start..end] : TokenTexts.Of(tokenizer.Tokenizer, id), tokenizer.Tokenizer.IsSpecial(id));
    })];
}

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
        var encoded = tokenizer.Tokenizer.Encode(rendered.Text, addSpecialTokens: false);
        return new Prompt(rendered.Text, encoded.Ids, encoded.CharOffsets, AddsSpecialTokens: false);
    }

    /// <summary>Plain text, with the special tokens that the tokenizer adds.</summary>
    public static Prompt FromText(PretrainedTokenizer tokenizer, string text)
    {
        var encoded = tokenizer.Tokenizer.Encode(text);
        return new Prompt(text, encoded.Ids, encoded.CharOffsets, AddsSpecialTokens: true);
    }
}
