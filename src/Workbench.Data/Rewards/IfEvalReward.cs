using System.Globalization;
using System.Text.Json;
using Workbench.Data.Rewards.Instructions;

namespace Workbench.Data.Rewards;

/// <summary>
/// The answer follows IFEval's verifiable instructions (Zhou et al. 2023): all 25 kinds, named in the row's <c>instruction_id_list</c> with
/// their <c>kwargs</c>. The score is the share that is followed, as the paper's instruction-level accuracy counts.
/// </summary>
public sealed record IfEvalReward : IReward
{
    public double Weight { get; init; } = 1;

    /// <summary>Score 0 unless every instruction is followed: the paper's prompt-level accuracy.</summary>
    public bool AllOrNothing { get; init; }

    /// <summary>
    /// The paper's loose criterion: an instruction counts as followed when the answer follows it without asterisks, without its first line,
    /// without its last, or without several of these.
    /// </summary>
    public bool Loose { get; init; }

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare() => input =>
    {
        if (!input.Row.Json.TryGetProperty("instruction_id_list", out var names) || names.ValueKind != JsonValueKind.Array || names.GetArrayLength() == 0)
        {
            throw new RewardException("ifeval: the row has no instruction_id_list. Import rows in the form of IFEval's input_data.jsonl.");
        }

        var kwargs = input.Row.Json.TryGetProperty("kwargs", out var given) && given.ValueKind == JsonValueKind.Array ? given : default;
        var broken = new List<string>();
        var answers = Loose ? LooseAnswers(input.Completion) : [input.Completion];
        var index = 0;
        foreach (var name in names.EnumerateArray())
        {
            var arguments = new InstructionArguments(
                name.ToString(), kwargs.ValueKind == JsonValueKind.Array && index < kwargs.GetArrayLength() ? kwargs[index] : default, input.Row);
            index++;
            if (!answers.Exists(answer => Follows(answer, arguments)))
            {
                broken.Add(name.ToString());
            }
        }

        var share = (index - broken.Count) / (double)index;
        return broken.Count == 0 ? RewardScore.Right
            : new RewardScore(AllOrNothing ? 0 : share, string.Create(CultureInfo.InvariantCulture, $"{broken.Count} of {index} not followed: ") + string.Join(", ", broken));
    };

    /// <summary>An answer of nothing follows nothing.</summary>
    private static bool Follows(string answer, InstructionArguments arguments) => !string.IsNullOrWhiteSpace(answer) && VerifiableInstructions.Find(arguments.Name)(answer, arguments);

    private static List<string> LooseAnswers(string answer)
    {
        var lines = answer.Split('\n');
        string[] cut = [answer, string.Join('\n', lines[1..]).Trim(), string.Join('\n', lines[..^1]).Trim(), lines.Length < 2 ? "" : string.Join('\n', lines[1..^1]).Trim()];
        return [.. cut, .. cut.Select(text => text.Replace("*", "", StringComparison.Ordinal))];
    }
}
