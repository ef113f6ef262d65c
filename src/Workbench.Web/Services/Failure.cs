using System.Text.Json;
using Workbench.Data.DuckDb;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Files;
using Workbench.Data.Rewards;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Generation;
using Workbench.Learning.Models;
using Workbench.Learning.Training;

namespace Workbench.Web.Services;

/// <summary>A failure that the user can do something about, as pages, API and verbs tell it.</summary>
/// <param name="Type">A stable word for programs.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do, where the message does not say it.</param>
/// <param name="Place">Where.</param>
public sealed record Failure(string Type, string Message, string? Remedy = null, string? Place = null)
{
    /// <summary>Line of a template that the failure belongs to, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The failure that <paramref name="exception"/> means; null for one that is no fault of the input.</summary>
    public static Failure? Of(Exception exception) => exception switch
    {
        UserInputException input => new Failure(input.NotFound ? "not_found" : "invalid_input", input.Message, input.Remedy, input.Place),
        TemplateException template => new Failure(template.Type, template.Message, null, template.Line is { } line ? $"template line {line}" : "template")
        {
            Line = template.Line,
        },
        DuckDbException duckdb => new Failure("duckdb", duckdb.Message),
        OperatorException step => new Failure("recipe", step.Message),
        RewardException reward => new Failure("reward", reward.Message),
        DataFileException file => new Failure("invalid_file", file.Message),
        RowFormatException row => new Failure("invalid_row", row.Message),
        TokenizerException tokenizer => new Failure("tokenizer", tokenizer.Message, null, tokenizer.JsonPath),
        ModelException model => new Failure("model", model.Message),
        GenerationException generation => new Failure("generation", generation.Message),
        RunConfigException config => new Failure("config", config.Message),
        TrainingException training => new Failure("training", training.Message),
        JsonException json => new Failure("invalid_json", JsonErrors.Describe(json)),
        _ => null,
    };
}
