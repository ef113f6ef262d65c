using Workbench.Language.Tokenizers;
using Workbench.Learning.Models.Hub;

namespace Workbench.Learning.Training.Sft;

/// <summary>Tokenizer and chat template of a run.</summary>
/// <param name="Tokenizer">The model's; null where its folder has none, which is enough for rows of ids.</param>
/// <param name="TemplateText">The template that renders the conversations: the configuration's, else the model's own.</param>
/// <param name="TemplateOverride">The configuration's template, which is saved with the model; null where its own is used.</param>
internal sealed record SftLanguage(PretrainedTokenizer? Tokenizer, string? TemplateText, string? TemplateOverride)
{
    /// <exception cref="TrainingException">The template file cannot be read.</exception>
    public static SftLanguage Load(RunConfig config)
    {
        var tokenizer = PretrainedModel.LoadTokenizer(config.ModelNameOrPath);
        var given = config.ChatTemplate ?? (config.ChatTemplatePath is { } path ? Read(path) : null);
        return new SftLanguage(tokenizer, given ?? tokenizer?.ChatTemplate, given);
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
