using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Rewards.Models;

/// <summary>
/// A language model grades the answer by a rubric (Zheng et al. 2023, "Judging LLM-as-a-Judge", arXiv 2306.05685: single-answer grading). A reply without
/// a grade is said and never guessed.
/// </summary>
public sealed partial record JudgeReward : IModelReward
{
    private const int ShownReply = 300;

    public double Weight { get; init; } = 1;

    /// <summary>The judge: a model's id or name in the workbench, or its folder. Empty where an endpoint judges.</summary>
    public string Model { get; init; } = "";

    /// <summary>An OpenAI-compatible endpoint up to its version, e.g. <c>http://127.0.0.1:8000/v1</c>, in place of <see cref="Model"/>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The model's name at the endpoint.</summary>
    public string? EndpointModel { get; init; }

    /// <summary>What a good answer is.</summary>
    public string Rubric { get; init; } = "It is correct, it answers what was asked, and it says no more than that needs.";

    /// <summary>A column with the right answer, as <c>{reference}</c> of the question; null for none.</summary>
    public string? Column { get; init; }

    /// <summary>What the judge is asked: <c>{rubric}</c>, <c>{prompt}</c>, <c>{answer}</c>, <c>{reference}</c>, <c>{min}</c> and <c>{max}</c> stand for these.</summary>
    public string Question { get; init; } =
        "You grade an answer to a prompt.\n\nA good answer: {rubric}\n\nThe prompt:\n<prompt>\n{prompt}\n</prompt>\n\nThe answer to grade:\n<answer>\n{answer}\n</answer>\n\n"
        + "Say in a sentence how good the answer is. Then write, on a line of its own, \"Score: \" and a number from {min} to {max}.";

    /// <summary>Finds the grade in the reply: its first group, or all of it, at its last match.</summary>
    public string Pattern { get; init; } = @"[Ss]core\W{0,4}(-?\d+(?:\.\d+)?)";

    /// <summary>The worst grade.</summary>
    public double Min { get; init; } = 1;

    /// <summary>The best grade.</summary>
    public double Max { get; init; } = 10;

    /// <summary>Most tokens of a reply.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <inheritdoc/>
    public void Check()
    {
        var elsewhere = !string.IsNullOrWhiteSpace(Endpoint);
        Must(elsewhere ? !string.IsNullOrWhiteSpace(EndpointModel) : !string.IsNullOrWhiteSpace(Model), elsewhere ? "name the model at the endpoint in endpoint_model" : "choose the model that judges, or give an endpoint");
        Must(!elsewhere || Address() is not null, $"\"{Endpoint}\" is no http or https address");
        Must(double.IsFinite(Min) && double.IsFinite(Max) && Min < Max, "min must be below max");
        Must(MaxTokens is >= 1 and <= 8192, "max_tokens must be 1 to 8192");
        Must(Question.Contains("{answer}", StringComparison.Ordinal), "the question must hold {answer}, or nothing is judged");
        Must(Column is null || Question.Contains("{reference}", StringComparison.Ordinal), "with a column, the question must hold {reference}");
        Must(Column is not null || !Question.Contains("{reference}", StringComparison.Ordinal), "the question holds {reference}: name the column with the right answer");
        RewardPatterns.Compile("judge", Pattern, RegexOptions.None);
    }

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare(IRewardModels models)
    {
        Check();
        var pattern = RewardPatterns.Compile("judge", Pattern, RegexOptions.None);
        var judge = models.Judge(Address() is { } address ? new JudgeModel(EndpointModel!, address, MaxTokens) : new JudgeModel(Model, null, MaxTokens));
        return input =>
        {
            var reply = judge(QuestionAbout(input));
            var grade = Grade(RewardPatterns.Last("judge", pattern, reply), reply);
            var value = (grade - Min) / (Max - Min);
            return new RewardScore(value, value >= 1 ? null : string.Create(CultureInfo.InvariantCulture, $"{grade} of {Max}: {Shown(reply)}"));
        };
    }

    private double Grade(string? found, string reply)
    {
        if (!double.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out var grade))
        {
            throw new RewardException($"judge: the reply holds no grade that the pattern finds: \"{Shown(reply)}\". Ask for it more plainly in the question, or give max_tokens room.");
        }

        return grade >= Min && grade <= Max ? grade
            : throw new RewardException(string.Create(CultureInfo.InvariantCulture, $"judge: the grade {grade} is not from {Min} to {Max}: \"{Shown(reply)}\"."));
    }

    /// <summary>In one pass: what an answer holds in braces stays what it is.</summary>
    private string QuestionAbout(RewardInput input)
    {
        var reference = Column is null ? "" : string.Join("\n", input.References("judge", Column));
        return Placeholder().Replace(Question, match => match.Groups[1].Value switch
        {
            "rubric" => Rubric,
            "prompt" => PromptText(input.Row),
            "answer" => input.Completion,
            "reference" => reference,
            "min" => Min.ToString(CultureInfo.InvariantCulture),
            _ => Max.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>The prompt as a judge reads it: a single question as it is, more turns with who speaks.</summary>
    private static string PromptText(Row row)
    {
        var prompt = RowPrompt.Of(row);
        if (prompt.ValueKind != JsonValueKind.Array)
        {
            return prompt.ToString();
        }

        var turns = prompt.EnumerateArray().Select(message => (Role: message.GetProperty("role").GetString(), Text: RowTurn.Content(message))).ToList();
        return turns.Count == 1 ? turns[0].Text : string.Join("\n\n", turns.Select(turn => $"{turn.Role}: {turn.Text}"));
    }

    private Uri? Address() => Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    private static string Shown(string reply) => reply.Length <= ShownReply ? reply.Trim() : reply[..ShownReply].Trim() + "…";

    private static void Must(bool holds, string what)
    {
        if (!holds)
        {
            throw new RewardException($"judge: {what}.");
        }
    }

    [GeneratedRegex(@"\{(rubric|prompt|answer|reference|min|max)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
