using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Commands.Data;

/// <summary><c>workbench data score</c>, <c>best-of</c> and <c>pairs</c>: from several answers to rows to train on.</summary>
public sealed class CandidateVerbTests
{
    private const string Rewards = """{"rewards":[{"reward":"numeric","weight":1},{"reward":"regex","pattern":"####","weight":0.25}]}""";
    private const string Sum = """{"prompt":"2+2?","answer":"4","candidates":["5","I think 4","#### 4","#### 5"]}""";

    [Fact]
    public async Task Score_keeps_every_candidate_with_its_scores_and_reasons()
    {
        var run = await VerbRun.OfAsync(["data", "score", "--rewards", Rewards], Sum);
        Assert.Equal(0, run.Code);
        var candidates = run[0].GetProperty("candidates");
        Assert.Equal([0, 1, 1.25, 0.25], candidates.EnumerateArray().Select(candidate => candidate.GetProperty("score").GetDouble()));
        Assert.Equal("""{"completion":"#### 5","score":0.25,"scores":{"numeric":0,"regex":1},"reasons":{"numeric":"5 instead of 4"}}""", candidates[3].GetRawText());
    }

    [Fact]
    public async Task Best_of_reads_what_score_wrote()
    {
        var scored = await VerbRun.OfAsync(["data", "score", "--rewards", Rewards], Sum);
        var best = await VerbRun.OfAsync(["data", "best-of"], [.. scored.Lines]);
        Assert.Equal(["""{"prompt":"2+2?","answer":"4","completion":"#### 4","score":1.25}"""], best.Lines);
        Assert.Empty((await VerbRun.OfAsync(["data", "best-of", "--min-score", "2"], [.. scored.Lines])).Lines);
        var two = await VerbRun.OfAsync(["data", "best-of", "--keep", "2"], [.. scored.Lines]);
        Assert.Equal(["#### 4", "I think 4"], Enumerable.Range(0, two.Lines.Count).Select(i => two[i].GetProperty("completion").GetString()));
    }

    [Fact]
    public async Task Pairs_take_best_against_worst_where_the_margin_allows()
    {
        var run = await VerbRun.OfAsync(["data", "pairs", "--rewards", Rewards, "--margin", "0.5"], Sum, """{"prompt":"1+1?","answer":"2","candidates":["2","2 it is"]}""");
        Assert.Equal(["""{"prompt":"2+2?","answer":"4","chosen":"#### 4","rejected":"5","score_chosen":1.25,"score_rejected":0}"""], run.Lines);
    }

    [Fact]
    public async Task All_pairs_come_widest_first_and_no_closer_than_the_margin()
    {
        var run = await VerbRun.OfAsync(["data", "pairs", "--rewards", Rewards, "--margin", "0.75", "--strategy", "All"], Sum);
        Assert.Equal(
            [("#### 4", "5"), ("#### 4", "#### 5"), ("I think 4", "5"), ("I think 4", "#### 5")],
            Enumerable.Range(0, run.Lines.Count).Select(i => (run[i].GetProperty("chosen").GetString(), run[i].GetProperty("rejected").GetString())));
    }

    [Fact]
    public async Task Rows_of_one_prompt_are_put_together_and_answers_keep_the_form_of_the_prompt()
    {
        const string prompt = """[{"role":"user","content":"2+2?"}]""";
        static string Row(string answer) => $$"""{"prompt":{{prompt}},"completion":[{"role":"assistant","content":"{{answer}}"}],"answer":"4"}""";
        var run = await VerbRun.OfAsync(["data", "pairs", "--rewards", Rewards], Row("5"), Row("4"), Row("3"));
        Assert.Equal(
            ["""{"prompt":[{"role":"user","content":"2+2?"}],"answer":"4","chosen":[{"role":"assistant","content":"4"}],"rejected":[{"role":"assistant","content":"3"}],"score_chosen":1,"score_rejected":0}"""],
            run.Lines);
    }

    [Fact]
    public async Task Real_GSM8K_rows_score_full_marks_with_their_own_solutions()
    {
        var run = await VerbRun.OfAsync(["data", "best-of", "--min-score", "1.25", "--rewards", Rewards, "--input", Shared.Require("assets/datasets/gsm8k_test.jsonl")]);
        Assert.Equal((0, 1319), (run.Code, run.Lines.Count));
    }

    [Fact]
    public async Task A_row_without_what_is_right_or_without_scores_is_reported_and_the_rest_goes_on()
    {
        var score = await VerbRun.OfAsync(["data", "score", "--rewards", Rewards], """{"prompt":"?","candidates":["1"]}""", """{"text":"x"}""", Sum);
        Assert.Equal((1, 3), (score.Code, score.Lines.Count));
        var bad = Enumerable.Range(0, 3).Select(i => score[i]).Where(line => line.TryGetProperty("error", out _));
        Assert.Equal([1, 2], bad.Select(line => line.GetProperty("error").GetProperty("lineno").GetInt32()).Order());
        var best = await VerbRun.OfAsync(["data", "best-of"], Sum);
        Assert.Contains("data score", best[0].GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
