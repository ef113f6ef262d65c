using Workbench.Data.Rewards;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Evaluation;

namespace Workbench.Learning.Training.Grpo;

/// <summary>What was sampled for a step.</summary>
/// <param name="Prompts">The step's.</param>
/// <param name="Answers"><c>num_generations</c> to each prompt, in the order of the prompts.</param>
/// <param name="Scores">Of each answer.</param>
internal sealed record Sampling(IReadOnlyList<PromptRow> Prompts, IReadOnlyList<Rollout> Answers, IReadOnlyList<CombinedScore> Scores)
{
    /// <summary>Prompts that are kept of a step.</summary>
    public const int KeptPrompts = 2;

    /// <summary>Answers that are kept of a prompt.</summary>
    public const int KeptAnswers = 16;

    /// <summary>Characters that are kept of a text.</summary>
    public const int KeptCharacters = 2000;

    /// <summary>What people look at.</summary>
    /// <param name="step">Optimizer steps done.</param>
    /// <param name="group">Answers to a prompt.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="judged">The same answers with their advantages.</param>
    public CompletionPoint Point(int step, int group, PretrainedTokenizer tokenizer, IReadOnlyList<SampledAnswer> judged) => new(
        step,
        [.. Prompts.Take(KeptPrompts).Select((row, p) => new CompletionGroup(
            row.Prompt.Line, End(tokenizer.Tokenizer.Decode(row.Prompt.InputIds, skipSpecialTokens: false)),
            [.. Enumerable.Range(p * group, Math.Min(group, KeptAnswers)).Select(i => Shown(Answers[i], Scores[i], judged[i].Advantage))]))]);

    private static SampledCompletion Shown(Rollout answer, CombinedScore score, double advantage) => new(
        Beginning(answer.Text), answer.Ids.Length, !answer.Terminated, score.Total, advantage,
        [.. score.Parts.Select(part => new CompletionReward(part.Key, part.Value.Value, part.Value.Reason is { } reason ? Beginning(reason) : null))]);

    private static string Beginning(string text) => text.Length > KeptCharacters ? text[..KeptCharacters] + "…" : text;

    private static string End(string text) => text.Length > KeptCharacters ? "…" + text[^KeptCharacters..] : text;
}
