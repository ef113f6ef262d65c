using System.Text.Json;
using Workbench.Data.Rewards;

namespace Workbench.Tests.Data.Rewards;

/// <summary>Expected values follow from the descriptions in table 1 of Zhou et al. 2023.</summary>
public sealed class IfEvalTests
{
    [Theory]
    [InlineData("keywords:existence", """{"keywords":["alpha","beta"]}""", "Alphabet and BETA", "alpha only")]
    [InlineData("keywords:frequency", """{"keyword":"story","relation":"at least","frequency":2}""", "A story of a Story.", "One story.")]
    [InlineData("keywords:frequency", """{"keyword":"a","relation":"less than","frequency":2}""", "a", "a a")]
    [InlineData("keywords:forbidden_words", """{"forbidden_words":["rock"]}""", "A rocket flies.", "Rock, paper.")]
    [InlineData("keywords:letter_frequency", """{"letter":"E","let_relation":"at least","let_frequency":3}""", "Eel, he", "eel")]
    [InlineData("language:response_language", """{"language":"de"}""", "Das ist nicht der Fall, weil die Welt groß ist.", "This is not the case because the world is large.")]
    [InlineData("length_constraints:number_sentences", """{"relation":"less than","num_sentences":3}""", "Dr. A. Smith came. He paid 3.5 dollars!", "One. Two. Three.")]
    [InlineData("length_constraints:number_words", """{"relation":"at least","num_words":4}""", "don't stop now", "stop right now")]
    [InlineData("length_constraints:number_paragraphs", """{"num_paragraphs":2}""", "one\n***\ntwo", "one\n\ntwo")]
    [InlineData("length_constraints:nth_paragraph_first_word", """{"num_paragraphs":2,"nth_paragraph":2,"first_word":"weekend"}""", "one\n\n\"Weekend, at last", "weekend\n\ntwo")]
    [InlineData("detectable_content:number_placeholders", """{"num_placeholders":2}""", "[name] at [address]", "[name] at home")]
    [InlineData("detectable_content:postscript", """{"postscript_marker":"P.S."}""", "Bye.\nP. S. I forgot", "Bye.")]
    [InlineData("detectable_content:postscript", """{"postscript_marker":"P.P.S"}""", "Bye.\np.p.s more", "Bye. P.S. more")]
    [InlineData("detectable_format:number_bullet_lists", """{"num_bullets":2}""", "* one\n- two", "* one\n* two\n* three")]
    [InlineData("detectable_format:number_bullet_lists", """{"num_bullets":1}""", "* one\n**bold**", "**bold**")]
    [InlineData("detectable_format:constrained_response", "{}", "My answer is maybe.", "Maybe.")]
    [InlineData("detectable_format:number_highlighted_sections", """{"num_highlights":2}""", "*one* and **two**", "*one* and two")]
    [InlineData("detectable_format:multiple_sections", """{"section_spliter":"SECTION","num_sections":2}""", "SECTION 1\na\nSECTION 2\nb", "SECTION 1 only")]
    [InlineData("detectable_format:json_format", "{}", "```json\n{\"a\":[1]}\n```", "{a:1}")]
    [InlineData("detectable_format:title", "{}", "<<A title>>\ntext", "<< >>\ntext")]
    [InlineData("combination:two_responses", "{}", "one\n******\ntwo", "one\n******\none")]
    [InlineData("combination:repeat_prompt", """{"prompt_to_repeat":"Write a poem."}""", "write a poem. Roses", "Roses. Write a poem.")]
    [InlineData("startend:end_checker", """{"end_phrase":"The end."}""", "So. \"the end.\"", "The end. Or not")]
    [InlineData("startend:quotation", "{}", "\"All of it.\"", "\"All\" of it")]
    [InlineData("change_case:capital_word_frequency", """{"capital_relation":"less than","capital_frequency":2}""", "NASA is here", "NASA AND ESA")]
    [InlineData("change_case:english_capital", "{}", "THIS IS WHAT THEY ALL SAID.", "THIS IS what THEY SAID.")]
    [InlineData("change_case:english_lowercase", "{}", "this is what they all said.", "This is what they all said.")]
    [InlineData("punctuation:no_comma", "{}", "None here.", "One, here.")]
    public void Each_instruction_tells_an_answer_that_follows_it_from_one_that_does_not(string name, string kwargs, string follows, string breaks)
    {
        Assert.Equal(1, Score(name, kwargs, follows).Value);
        var broken = Score(name, kwargs, breaks);
        Assert.Equal((0, $"1 of 1 not followed: {name}"), (broken.Value, broken.Reason));
    }

    [Fact]
    public void All_25_kinds_and_all_541_rows_of_the_benchmark_are_understood()
    {
        var judge = new IfEvalReward().Prepare();
        var rows = File.ReadLines(Shared.Require("assets/datasets/ifeval_input_data.jsonl")).Select(Rows.Parse).ToList();
        Assert.Equal(541, rows.Count);
        Assert.Equal(25, rows.SelectMany(row => row.Json.GetProperty("instruction_id_list").EnumerateArray()).Select(name => name.GetString()).Distinct().Count());
        var scores = rows.Select(row => judge(new RewardInput(row, "This is an answer.")).Value).ToList();
        Assert.All(scores, score => Assert.InRange(score, 0, 1));
        Assert.InRange(scores.Average(), 0.05, 0.5); // "no comma", "fewer than" and the like are followed by chance
    }

    [Fact]
    public void The_score_is_the_share_followed_unless_all_or_nothing()
    {
        var row = Rows.Parse("""{"prompt":"q","instruction_id_list":["punctuation:no_comma","startend:quotation"],"kwargs":[{},{}]}""");
        Assert.Equal(0.5, new IfEvalReward().Prepare()(new RewardInput(row, "plain")).Value);
        Assert.Equal(0, new IfEvalReward { AllOrNothing = true }.Prepare()(new RewardInput(row, "plain")).Value);
    }

    [Fact]
    public void The_loose_criterion_forgives_a_first_line()
    {
        var row = Rows.Parse("""{"prompt":"q","instruction_id_list":["startend:quotation"],"kwargs":[{}]}""");
        const string answer = "Sure, here it is:\n\"All of it.\"";
        Assert.Equal(0, new IfEvalReward().Prepare()(new RewardInput(row, answer)).Value);
        Assert.Equal(1, new IfEvalReward { Loose = true }.Prepare()(new RewardInput(row, answer)).Value);
    }

    [Fact]
    public void An_unknown_instruction_is_an_error_and_no_verdict() =>
        Assert.Contains("punctuation:no_comma", Assert.Throws<RewardException>(() => Score("punctuation:no_coma", "{}", "a")).Message, StringComparison.Ordinal);

    private static RewardScore Score(string name, string kwargs, string answer) => new IfEvalReward().Prepare()(new RewardInput(
        Rows.Parse($$"""{"prompt":"q","instruction_id_list":[{{JsonSerializer.Serialize(name)}}],"kwargs":[{{kwargs}}]}"""), answer));
}
