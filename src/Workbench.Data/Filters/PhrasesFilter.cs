using System.Text.RegularExpressions;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>Removes rows whose answers refuse, speak of themselves as a model, or are wrapped in set phrases.</summary>
public sealed partial record PhrasesFilter : IRowFilter
{
    /// <summary>"I'm sorry, but I can't …": at the start of an answer.</summary>
    public bool Refusals { get; init; } = true;

    /// <summary>"As an AI language model", knowledge cut-offs.</summary>
    public bool SelfDescription { get; init; } = true;

    /// <summary>"I hope this helps!", "Certainly! Here is …": off by default, because many like them.</summary>
    public bool Boilerplate { get; init; }

    /// <inheritdoc/>
    public Func<Row, string?> Prepare() => row =>
    {
        foreach (var turn in RowTurn.Of(row))
        {
            // In a pair, the rejected answer may well be what one wants to be rid of.
            if (turn.IsAnswer && turn.Column != "rejected" && Problem(turn.Text.Replace('’', '\'')) is { } problem)
            {
                return problem;
            }
        }

        return null;
    };

    private string? Problem(string text) =>
        Refusals && Refusal().Match(text) is { Success: true } refusal ? $"the answer refuses: \"{refusal.Value.Trim()}\""
        : SelfDescription && Self().Match(text) is { Success: true } self ? $"the answer speaks of itself as a model: \"{self.Value.Trim()}\""
        : Boilerplate && Wrapping().Match(text) is { Success: true } wrapping ? $"boilerplate: \"{wrapping.Value.Trim()}\""
        : null;

    [GeneratedRegex(
        @"^\W{0,4}(?:(?:I(?:'m| am)(?: very| so| truly)? sorry|I apologi[sz]e|my apologies|sorry|unfortunately)\b.{0,40}?\bI(?:'m| am)? ?(?:can't|cannot|can not|won't|am unable|unable|not able|am not able|don't feel comfortable|must decline)|I (?:can't|cannot|won't|am unable to|must decline to|'m not able to) (?:help|assist|provide|fulfil|fulfill|comply|do that|create|generate|support|engage)|(?:很|非常)?(?:抱歉|对不起|不好意思).{0,20}?(?:无法|不能|没办法|不会)|我(?:无法|不能)(?:提供|回答|协助|帮助|满足))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Refusal();

    [GeneratedRegex(
        @"\bas an? (?:AI|artificial intelligence|large)\b(?: language)?(?: model| assistant)?|\bI am (?:just |only )?an? (?:AI|language) (?:model|language model)|\bmy (?:knowledge|training)(?: data)? (?:cut-?off|only goes)|\bmy last (?:knowledge )?update|作为(?:一个|一名)?(?:AI|人工智能|大?语言模型)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Self();

    [GeneratedRegex(
        @"^(?:certainly|sure|of course|absolutely|great question)[!,.]|\bI hope (?:this|that) helps\b|\blet me know if you (?:have any|need)|\bfeel free to (?:ask|reach out)|希望(?:这|以上).{0,10}(?:帮助|有用)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Wrapping();
}
