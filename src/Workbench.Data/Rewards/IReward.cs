using System.Text.Json.Serialization;
using Workbench.Data.Rewards.Models;

namespace Workbench.Data.Rewards;

/// <summary>
/// A reward function: judges an answer to a row's prompt. Its parameters are its properties; as JSON, <c>reward</c> names it and the
/// parameters follow in snake case. <c>weight</c> is TRL's reward_weights.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reward", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ExactReward), "exact")]
[JsonDerivedType(typeof(NumericReward), "numeric")]
[JsonDerivedType(typeof(RegexReward), "regex")]
[JsonDerivedType(typeof(LengthReward), "length")]
[JsonDerivedType(typeof(FormatReward), "format")]
[JsonDerivedType(typeof(JsonSchemaReward), "json_schema")]
[JsonDerivedType(typeof(IfEvalReward), "ifeval")]
[JsonDerivedType(typeof(UnitTestReward), "unit_tests")]
[JsonDerivedType(typeof(JudgeReward), "judge")]
[JsonDerivedType(typeof(RewardModelReward), "reward_model")]
public interface IReward
{
    /// <summary>What the score is multiplied by; negative for a penalty.</summary>
    double Weight { get; }

    /// <summary>Checks the parameters; the result judges one answer and may be called from several threads.</summary>
    /// <exception cref="RewardException">A parameter is wrong.</exception>
    Func<RewardInput, RewardScore> Prepare();
}

/// <summary>A reward cannot work with its parameters or its row; the message names what and the remedy.</summary>
public sealed class RewardException(string message, Exception? inner = null) : Exception(message, inner);
