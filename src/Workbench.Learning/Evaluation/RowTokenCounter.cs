using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Sft;

namespace Workbench.Learning.Evaluation;

/// <summary>A row as a model's template and tokenizer make it.</summary>
/// <param name="Tokens">All of its tokens, uncut; 0 where there is a problem.</param>
/// <param name="Trained">Those that training on answers would learn.</param>
/// <param name="Specials">Special tokens that its own texts spell out: read as such, they would end turns or begin others.</param>
/// <param name="Problem">Why it has no tokens; null where it has.</param>
public readonly record struct RowTokens(int Tokens, int Trained, int Specials, string? Problem = null);

/// <summary>Counts the tokens of rows, by the template, tokenizer and masks that training uses. Needs no weights.</summary>
public sealed class RowTokenCounter
{
    private readonly RowScoring scoring;
    private readonly string[] specials;

    private RowTokenCounter(SftLanguage language)
    {
        scoring = new RowScoring(language);
        specials = language.Tokenizer is { } tokenizer
            ? [.. tokenizer.SpecialTokens.Values.Concat(tokenizer.AdditionalSpecialTokens).Where(token => token.Length > 0).Distinct(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Of the tokenizer in a folder.</summary>
    /// <exception cref="TokenizerException">It cannot be read.</exception>
    /// <exception cref="TrainingException">The chat template cannot be read.</exception>
    public static RowTokenCounter Load(string directory) => new(SftLanguage.Load(new RunConfig { ModelNameOrPath = directory }, directory));

    /// <summary>One row; several may be counted at the same time.</summary>
    public RowTokens Count(Row row)
    {
        var spelled = RowTurn.Of(row).Sum(turn => specials.Sum(token => Occurrences(turn.Text, token)));
        try
        {
            if (row.Shape == RowShape.Prompt)
            {
                return new RowTokens(scoring.Whole(row).InputIds.Length, 0, spelled);
            }

            var encoded = scoring.Answers(row);
            return new RowTokens(encoded.InputIds.Length, encoded.TrainedTokens, spelled);
        }
        catch (Exception exception) when (exception is RowFormatException or RowEncodingException or TrainingException)
        {
            return new RowTokens(0, 0, spelled, exception.Message);
        }
    }

    private static int Occurrences(string text, string token)
    {
        var count = 0;
        for (var at = text.IndexOf(token, StringComparison.Ordinal); at >= 0; at = text.IndexOf(token, at + token.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}
