using Workbench.Data.Formats;

namespace Workbench.Data.Filters.Models;

/// <summary>A figure that a model gives a row.</summary>
/// <param name="Value">The figure; NaN where there is a problem.</param>
/// <param name="Problem">Why the row has none; null where it has one.</param>
public readonly record struct RowFigure(double Value, string? Problem = null)
{
    /// <summary>No figure, and why.</summary>
    public static RowFigure None(string problem) => new(double.NaN, problem);
}

/// <summary>Where a row stands in a model's space.</summary>
/// <param name="Vector">Of length 1; empty where there is a problem.</param>
/// <param name="Problem">Why the row has no place; null where it has one.</param>
public readonly record struct RowPlace(float[] Vector, string? Problem = null);

/// <summary>A loaded language model as operators see it. Rows that it cannot read are said one by one.</summary>
public interface IRowModel
{
    /// <summary>A hash of weights, tokenizer and template: what tells this model from any other.</summary>
    string Fingerprint { get; }

    /// <summary>
    /// Perplexity: e to the mean negative log-likelihood of the answers' tokens behind what comes before them; of a row that is one text, of
    /// all its tokens.
    /// </summary>
    /// <param name="rows">Rows of any shape with an answer or a text; of a pair, the chosen answer counts.</param>
    /// <param name="maxLength">Tokens of a row that are read, from its beginning.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>A figure for each row, in their order.</returns>
    /// <exception cref="OperatorException">The model can read no such rows at all: it has no tokenizer, or no chat template.</exception>
    IReadOnlyList<RowFigure> Perplexities(IReadOnlyList<Row> rows, int maxLength, CancellationToken cancellationToken);

    /// <summary>
    /// Instruction-following difficulty: the last answer's perplexity behind its prompt, divided by the same tokens' without the prompt
    /// (Li et al. 2023, arXiv 2308.12032, where it is the ratio of the two).
    /// </summary>
    /// <inheritdoc cref="Perplexities"/>
    IReadOnlyList<RowFigure> Difficulties(IReadOnlyList<Row> rows, int maxLength, CancellationToken cancellationToken);

    /// <summary>The mean of the last hidden states of all tokens, scaled to length 1.</summary>
    /// <inheritdoc cref="Perplexities"/>
    IReadOnlyList<RowPlace> Places(IReadOnlyList<Row> rows, int maxLength, CancellationToken cancellationToken);
}

/// <summary>Loads the models that recipes name; each once.</summary>
public interface IRowModels
{
    /// <summary>A model by the name that a recipe gives it.</summary>
    /// <exception cref="OperatorException">There is none, or it cannot be loaded.</exception>
    IRowModel Open(string model);
}
