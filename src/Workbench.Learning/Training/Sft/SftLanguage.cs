using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models.Hub;

namespace Workbench.Learning.Training.Sft;

/// <summary>Tokenizer and chat template of a run.</summary>
/// <param name="Tokenizer">The model's; null where its folder has none, which is enough for rows of ids.</param>
/// <param name="Template">What renders the conversations: the configuration's, else the model's own; null where there is neither.</param>
/// <param name="TemplateOverride">The configuration's template, which is saved with the model; null where its own is used.</param>
internal sealed record SftLanguage(PretrainedTokenizer? Tokenizer, ChatTemplate? Template, string? TemplateOverride)
{
    /// <param name="config">The run's.</param>
    /// <param name="directory">The folder with the tokenizer; null for that of the model.</param>
    /// <exception cref="TrainingException">The template cannot be read, or has a syntax error.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be read.</exception>
    public static SftLanguage Load(RunConfig config, string? directory = null)
    {
        var tokenizer = PretrainedModel.LoadTokenizer(directory ?? config.ModelNameOrPath);
        var given = config.ChatTemplate ?? (config.ChatTemplatePath is { } path ? Read(path) : null);
        return new SftLanguage(tokenizer, (given ?? tokenizer?.ChatTemplate) is { } text ? Parse(text) : null, given);
    }

    private static ChatTemplate Parse(string text)
    {
        try
        {
            return ChatTemplate.Parse(text);
        }
        catch (TemplateException error)
        {
            var line = error.Line is { } number ? $", line {number}" : "";
            throw new TrainingException($"The chat template{line}: {error.Message}", error);
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"chat_template_path {path} cannot be read: {error.Message}", error);
        }
    }
}
