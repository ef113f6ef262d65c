using System.Text;
using Workbench.Data.Formats;
using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Models;

namespace Workbench.Tests.Data.Rewards.Models;

public sealed class JudgeRewardTests
{
    private static readonly Row Question = Parse("""{"prompt":"2+2? {answer}","answer":"4"}""");

    [Theory]
    [InlineData("Right.\nScore: 10", 1.0, null)]
    [InlineData("Score: 3 would be harsh, so score = 5.5", 0.5, "5.5 of 10: Score: 3 would be harsh, so score = 5.5")]
    [InlineData("**Score**: 1", 0.0, "1 of 10: **Score**: 1")]
    public void The_last_grade_of_the_reply_counts_from_worst_to_best(string reply, double expected, string? reason)
    {
        var score = Judge("""{"reward":"judge","model":"m"}""", _ => reply)(new RewardInput(Question, "four")).Parts[0].Value;
        Assert.Equal(expected, score.Value, 1e-12);
        Assert.Equal(reason, score.Reason);
    }

    [Theory]
    [InlineData("It is good.", "no grade")]
    [InlineData("Score: 11", "not from 1 to 10")]
    [InlineData("", "no grade")]
    public void A_reply_without_a_grade_is_said_and_never_guessed(string reply, string expected) => Assert.Contains(
        expected, Assert.Throws<RewardException>(() => Judge("""{"reward":"judge","model":"m"}""", _ => reply)(new RewardInput(Question, "four"))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_prompt_and_answer_hold_in_braces_stays_what_it_is()
    {
        string? asked = null;
        Judge("""{"reward":"judge","model":"m","rubric":"short","question":"{rubric}|{prompt}|{answer}|{reference}|{min}-{max}","column":"answer","min":0,"max":4}""", question =>
        {
            asked = question;
            return "score 4";
        })(new RewardInput(Question, "{max} {prompt}"));
        Assert.Equal("short|2+2? {answer}|{max} {prompt}|4|0-4", asked);
    }

    [Fact]
    public void A_conversation_is_shown_with_who_speaks()
    {
        string? asked = null;
        var row = Parse("""{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"},{"role":"assistant","content":"old"}]}""");
        Judge("""{"reward":"judge","model":"m","question":"{prompt}|{answer}"}""", question =>
        {
            asked = question;
            return "score 10";
        })(new RewardInput(row, "new"));
        Assert.Equal("system: Be kind.\n\nuser: Hi|new", asked);
    }

    [Theory]
    [InlineData("""{"reward":"judge"}""", "choose the model")]
    [InlineData("""{"reward":"judge","endpoint":"ftp://x","endpoint_model":"m"}""", "ftp://x")]
    [InlineData("""{"reward":"judge","endpoint":"http://x/v1"}""", "endpoint_model")]
    [InlineData("""{"reward":"judge","model":"m","min":5,"max":5}""", "min must be below max")]
    [InlineData("""{"reward":"judge","model":"m","question":"how?"}""", "{answer}")]
    [InlineData("""{"reward":"judge","model":"m","column":"right"}""", "{reference}")]
    [InlineData("""{"reward":"judge","model":"m","pattern":"("}""", "pattern")]
    [InlineData("""{"reward":"reward_model","folder":""}""", "folder")]
    public void Wrong_parameters_are_named_before_anybody_is_asked(string reward, string expected) => Assert.Contains(
        expected, Assert.Throws<RewardException>(() => RewardSet.Parse($"{{\"rewards\":[{reward}]}}").Prepare()).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_anybody_who_asks_nothing_is_judged() => Assert.Contains(
        "nobody", Assert.Throws<RewardException>(() => RewardSet.Parse("""{"rewards":[{"reward":"judge","model":"m"}]}""").Prepare()(new RewardInput(Question, "4"))).Message, StringComparison.Ordinal);

    private static Func<RewardInput, CombinedScore> Judge(string reward, Func<string, string> reply) =>
        RewardSet.Parse($"{{\"rewards\":[{reward}]}}").Prepare(new Fake(reply));

    private static Row Parse(string json) => RowParser.Parse(Encoding.UTF8.GetBytes(json));

    private sealed class Fake(Func<string, string> reply) : IRewardModels
    {
        public Func<string, string> Judge(JudgeModel judge) => reply;

        public Func<RewardInput, double> Scorer(string folder) => throw new NotSupportedException();
    }
}
