using System.Text.Json.Serialization;

namespace Workbench.Web.Services.Judging;

/// <summary>What a judge says of two answers.</summary>
public enum Verdict
{
    A,
    B,
    Tie,
    BothBad,
}

/// <summary>A judgement of two answers to one prompt, given without knowing whose they are.</summary>
/// <param name="ModelA">Name of the model that wrote the first answer.</param>
/// <param name="ModelB">Name of the model that wrote the second.</param>
/// <param name="Template">The template that was chosen.</param>
/// <param name="Sampling">How the tokens were chosen, as JSON.</param>
public sealed record Vote(
    string Prompt, string AnswerA, string AnswerB, string ModelA, string ModelB, [property: JsonConverter(typeof(JsonStringEnumConverter<Verdict>))] Verdict Verdict,
    string Template, string Sampling, DateTimeOffset Time)
{
    /// <summary>The first model's share of the point: a tie is half a point for each, as is a pair that is bad on both sides.</summary>
    [JsonIgnore]
    public double ShareOfA => Verdict switch
    {
        Verdict.A => 1,
        Verdict.B => 0,
        _ => 0.5,
    };
}
