using Workbench.Language.Chat.Lint;
using Workbench.Language.Chat.Repair;
using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services;

/// <summary>Findings about a chat template, and its repair. Both render many conversations, so neither runs on the caller's thread.</summary>
public sealed class LintService(ModelService models, TokenizerCache tokenizers)
{
    /// <summary>What is odd about a template; a broken one gives a finding, not an exception.</summary>
    /// <param name="template">The Jinja text.</param>
    /// <param name="modelId">The model it is for: more can be said with its tokenizer.</param>
    /// <param name="cancellationToken">Ends the work once the template has changed.</param>
    /// <exception cref="UserInputException">There is no such model.</exception>
    public async Task<IReadOnlyList<LintFinding>> LintAsync(string template, string? modelId = null, CancellationToken cancellationToken = default)
    {
        var folder = await FolderAsync(modelId, cancellationToken);
        return await Task.Run(() => TemplateLinter.Lint(template, Tokenizer(folder), cancellationToken), cancellationToken);
    }

    /// <summary>The template with generation tags where they belong, or why it cannot have them.</summary>
    /// <inheritdoc cref="LintAsync"/>
    public async Task<TemplateRepair> RepairAsync(string template, string? modelId = null, CancellationToken cancellationToken = default)
    {
        var folder = await FolderAsync(modelId, cancellationToken);
        return await Task.Run(() => GenerationTagger.Repair(template, Tokenizer(folder), cancellationToken), cancellationToken);
    }

    private async Task<string?> FolderAsync(string? modelId, CancellationToken cancellationToken) =>
        modelId is null ? null : (await models.GetAsync(modelId, cancellationToken)).TokenizerPath;

    private PretrainedTokenizer? Tokenizer(string? folder) => folder is null ? null : tokenizers.Get(folder);
}
