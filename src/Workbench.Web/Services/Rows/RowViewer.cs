using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Planning;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Rows;

/// <summary>Single rows as a run with a certain model and template would be trained on them.</summary>
public sealed class RowViewer(TemplateService templates)
{
    /// <summary>The row's texts as tokens, trained or not.</summary>
    /// <param name="row">The row.</param>
    /// <param name="shape">What it is: pairs are looked at as DPO trains them, text as continued pretraining does.</param>
    /// <param name="model">Whose tokenizer it is.</param>
    /// <param name="template">A <see cref="TemplateChoice"/>.</param>
    /// <param name="cancellationToken">Ends the wait for the template.</param>
    /// <exception cref="UserInputException">Template or tokenizer cannot be used.</exception>
    public async Task<ProbedRow> ViewAsync(JsonElement row, RowShape shape, ModelEntry model, string template, CancellationToken cancellationToken = default)
    {
        var config = new RunConfig
        {
            Method = shape switch { RowShape.Preference => "dpo", RowShape.Text => "pretrain", _ => "sft" },
            ModelNameOrPath = model.TokenizerPath,
            ChatTemplate = await templates.ResolveAsync(template, cancellationToken),
            MaxLength = model.ContextLength,
            AssistantOnlyLoss = shape == RowShape.Messages, // as the form for new runs has it
        };
        try
        {
            return await Task.Run(() => RowProbe.Load(config).Encode(row), cancellationToken);
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            throw new UserInputException(failure.Message, failure.Remedy ?? "Choose another template or model.", failure.Place, exception);
        }
    }
}
