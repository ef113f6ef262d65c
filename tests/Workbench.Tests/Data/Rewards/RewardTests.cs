using System.Text.Json;
using Workbench.Data.Rewards;

namespace Workbench.Tests.Data.Rewards;

public sealed class RewardTests
{
    [Theory]
    [InlineData("The total is 18 eggs... 9 * 2 = $<<9*2=18>>18.\n#### 18", 1)]
    [InlineData("So she makes $18.", 1)]
    [InlineData("18 or rather 19", 0)]
    [InlineData("We get \\boxed{18.0} in 2 steps", 1)]
    [InlineData("\\boxed{\\frac{36}{2}}", 1)]
    [InlineData("The answer is 36/2", 1)]
    [InlineData("#### 1,018", 0)]
    [InlineData("no idea", 0)]
    [InlineData("-18", 0)]
    public void Numeric_reads_answers_as_GSM8K_does(string answer, double score) =>
        Assert.Equal(score, Score(new NumericReward(), """{"prompt":"q","answer":"Janet sells 16 - 3 - 4 = <<16-3-4=9>>9 duck eggs a day.\n#### 18"}""", answer).Value);

    [Theory]
    [InlineData("1,234,567.5", 1234567.5)]
    [InlineData("it fell by −3.5 %", -3.5)]
    [InlineData("$2,000", 2000.0)]
    [InlineData("6.02e23", 6.02e23)]
    [InlineData(".5", 0.5)]
    [InlineData("3/4 cup", 0.75)]
    [InlineData("1/0", null)]
    public void Numbers_are_read_as_people_write_them(string text, double? number) => Assert.Equal(number, NumericReward.Find(text, requireMark: false));

    [Fact]
    public void Numeric_gives_every_real_GSM8K_solution_full_marks()
    {
        var judge = new NumericReward { RequireMark = true }.Prepare();
        var rows = File.ReadLines(Shared.Require("assets/datasets/gsm8k_test.jsonl")).Select(Rows.Parse).ToList();
        Assert.Equal(1319, rows.Count);
        Assert.All(rows, row => Assert.Equal(1, judge(new RewardInput(row, row.Json.GetProperty("completion")[0].GetProperty("content").GetString()!)).Value));
    }

    [Theory]
    [InlineData(" Paris. ", 1)]
    [InlineData("The City of Light", 1)]
    [InlineData("paris, France", 0)]
    public void Exact_accepts_any_of_the_right_answers(string answer, double score) =>
        Assert.Equal(score, Score(new ExactReward(), """{"prompt":"q","answer":["Paris","the  city of light"]}""", answer).Value);

    [Fact]
    public void Exact_looks_only_at_what_the_pattern_finds() =>
        Assert.Equal(1, Score(new ExactReward { Pattern = @"<answer>(.*?)</answer>" }, """{"prompt":"q","answer":"B"}""", "A? <answer>A</answer> no: <answer> b </answer>").Value);

    [Theory]
    [InlineData("one two three four", 1)]
    [InlineData("one two three", 0.5)] // 3 of at least 4: halfway between 2 (nothing) and 4
    [InlineData("one", 0)]
    [InlineData("1 2 3 4 5 6 7 8 9 10", 1)]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", 0.5)]
    public void Length_falls_in_a_straight_line_beyond_its_bounds(string answer, double score) =>
        Assert.Equal(score, Score(new LengthReward { MinWords = 4, MaxWords = 10 }, """{"prompt":"q"}""", answer).Value, 9);

    [Theory]
    [InlineData("<think>2+2</think>\n<answer>4</answer>", true)]
    [InlineData("<think>2+2</think>\n<answer>4</answer>\n", true)]
    [InlineData("Well. <think>2+2</think><answer>4</answer>", false)]
    [InlineData("<think>2+2</think> so <answer>4</answer>", false)]
    [InlineData("<think></think><answer>4</answer>", false)]
    [InlineData("<think>a<think>b</think><answer>4</answer>", false)]
    [InlineData("<answer>4</answer><think>2+2</think>", false)]
    [InlineData("<think>2+2</think><answer>4</answer> bye", false)]
    public void Format_is_a_frame_of_tags(string answer, bool right) => Assert.Equal(right ? 1 : 0, Score(new FormatReward(), """{"prompt":"q"}""", answer).Value);

    [Theory]
    [InlineData("<think>This is my reasoning.</think>\nThis is my answer.", true)]
    [InlineData("This is my reasoning.</think>\nThis is my answer.", false)]
    public void Format_with_one_tag_is_TRLs_think_format(string answer, bool right) =>
        Assert.Equal(right ? 1 : 0, Score(new FormatReward { Tags = ["think"] }, """{"prompt":"q"}""", answer).Value);

    [Fact]
    public void Regex_can_ask_for_and_forbid()
    {
        Assert.Equal(1, Score(new RegexReward { Pattern = "^Dear" }, """{"prompt":"q"}""", "Dear Sir").Value);
        Assert.Equal(0, Score(new RegexReward { Pattern = "dear", Forbid = true, IgnoreCase = true }, """{"prompt":"q"}""", "Dear Sir").Value);
        Assert.Throws<RewardException>(() => new RegexReward { Pattern = "(" }.Prepare());
    }

    [Fact]
    public void Weights_add_up_as_in_TRL()
    {
        var set = RewardSet.Parse("""
            {"rewards":[{"reward":"numeric","weight":2},{"reward":"regex","pattern":"####"},{"reward":"regex","pattern":"sorry","weight":-0.5}]}
            """);
        var judge = RewardSet.Parse(set.ToJson()).Prepare();
        var score = judge(new RewardInput(Rows.Parse("""{"prompt":"q","answer":"4"}"""), "sorry: 4"));
        Assert.Equal(2 * 1 + 0 - 0.5, score.Total);
        Assert.Equal([("numeric", 1), ("regex", 0), ("regex_2", 1)], score.Parts.Select(part => (part.Key, part.Value.Value)));
    }

    [Theory]
    [InlineData("""{"rewards":[]}""", "There are no rewards")]
    [InlineData("""{"rewards":[{"reward":"numerik"}]}""", "numeric")]
    [InlineData("""{"rewards":[{"reward":"numeric","wieght":2}]}""", "wieght")]
    [InlineData("[", "cannot be read")]
    public void Wrong_rewards_are_named(string json, string said) => Assert.Contains(said, Assert.Throws<RewardException>(() => RewardSet.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_row_without_what_is_right_is_no_wrong_answer() =>
        Assert.Contains("\"answer\"", Assert.Throws<RewardException>(() => Score(new NumericReward(), """{"prompt":"q"}""", "4")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"name":"Ada","age":36}""", 1)]
    [InlineData("```json\n{\"name\":\"Ada\",\"age\":36}\n```", 1)]
    [InlineData("""{"name":"Ada"}""", 0.2)]
    [InlineData("""{"name":"Ada","age":36.5}""", 0.2)]
    [InlineData("""{"name":"Ada","age":36,"x":1}""", 0.2)]
    [InlineData("""{"name":"","age":36}""", 0.2)]
    [InlineData("Ada is 36", 0)]
    public void A_schema_accepts_or_not(string answer, double score) => Assert.Equal(score, Score(
        new JsonSchemaReward(),
        """{"prompt":"q","schema":{"type":"object","properties":{"name":{"type":"string","minLength":1},"age":{"type":"integer","minimum":0}},"required":["name","age"],"additionalProperties":false}}""",
        answer).Value);

    [Fact]
    public void A_schema_with_keywords_that_are_not_checked_is_refused() => Assert.Contains(
        "$.dependentRequired",
        Assert.Throws<RewardException>(() => new JsonSchemaReward { Schema = JsonSerializer.Deserialize<JsonElement>("""{"dependentRequired":{}}""") }.Prepare()).Message,
        StringComparison.Ordinal);

    private static RewardScore Score(IReward reward, string row, string answer) => reward.Prepare()(new RewardInput(Rows.Parse(row), answer));
}
