using Workbench.Web.Services.Launch;

namespace Workbench.Web.Tests.Services.Launch;

public sealed class TrainingAdviceTests
{
    private static readonly AdviceAnswers Plain = new();

    [Fact]
    public void Few_examples_are_for_the_prompt() => Assert.Equal(["A better prompt"], Titles(Plain with { Rows = 20 }));

    [Fact]
    public void Facts_that_change_are_retrieved_before_anything_is_trained() =>
        Assert.Equal(["Retrieval (RAG)", "Supervised fine-tuning (SFT)"], Titles(Plain with { FreshFacts = true }));

    /// <summary>7 billion parameters at 16 bytes are 112 GB, far more than 24.</summary>
    [Fact]
    public void A_model_that_fills_the_memory_gets_an_adapter()
    {
        Assert.True(TrainingAdvice.For(Plain with { Parameters = 7000, MemoryGigabytes = 24 })[0].UsePeft);
        Assert.False(TrainingAdvice.For(Plain with { Parameters = 500, MemoryGigabytes = 24 })[0].UsePeft);
    }

    [Fact]
    public void Pairs_for_quality_are_for_dpo_and_for_a_task_first_for_sft()
    {
        Assert.Equal("dpo", TrainingAdvice.For(Plain with { Data = AdviceData.Preferences, Goal = AdviceGoal.Quality })[0].Method);
        Assert.Equal("sft", TrainingAdvice.For(Plain with { Data = AdviceData.Preferences, Goal = AdviceGoal.Task })[0].Method);
    }

    [Fact]
    public void Answers_that_a_program_can_check_are_for_rewards() =>
        Assert.Equal("grpo", TrainingAdvice.For(Plain with { Data = AdviceData.Checkable })[0].Method);

    [Fact]
    public void Texts_of_a_field_are_for_continued_pretraining_only_when_there_are_many()
    {
        Assert.Equal(["Continued pretraining"], Titles(Plain with { Data = AdviceData.Texts, Goal = AdviceGoal.Domain, Rows = 50_000 }));
        Assert.Null(TrainingAdvice.For(Plain with { Data = AdviceData.Texts, Goal = AdviceGoal.Domain, Rows = 500 })[0].Method);
    }

    [Fact]
    public void A_strict_form_is_also_for_constrained_output() => Assert.Contains("Constrained output", Titles(Plain with { StrictFormat = true }));

    private static IEnumerable<string> Titles(AdviceAnswers answers) => TrainingAdvice.For(answers).Select(advice => advice.Title);
}
