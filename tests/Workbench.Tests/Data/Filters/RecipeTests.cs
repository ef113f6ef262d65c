using Workbench.Data.Filters;

namespace Workbench.Tests.Data.Filters;

public sealed class RecipeTests
{
    [Fact]
    public void A_recipe_survives_its_own_json_with_every_parameter()
    {
        const string json = """
            {"steps":[{"op":"length","part":"answers","max_chars":5},{"op":"language","keep":["en"]},{"min":2,"op":"turns"},{"op":"pii","kinds":["email"]},
              {"op":"near_dedup","threshold":0.7},{"op":"balance","by":"source","weights":{"My_Group":2}},{"op":"sample","count":3}]}
            """;
        var recipe = Recipe.Parse(json);
        Assert.Equal(recipe.ToJson(), Recipe.Parse(recipe.ToJson()).ToJson());
        Assert.Equal(["length", "language", "turns", "pii", "near_dedup", "balance", "sample"], recipe.ToJson().Split('\n').Where(line => line.Contains("\"op\"", StringComparison.Ordinal)).Select(line => line.Split('"')[3]));
        Assert.Contains("\"ngram\": 3", recipe.ToJson(), StringComparison.Ordinal);
        Assert.Contains("My_Group", recipe.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"steps":[{"op":"lenght"}]}""", "lenght")]
    [InlineData("""{"steps":[{"op":"length","max_char":5}]}""", "max_char")]
    [InlineData("""{"steps":[{"op":"length","max_chars":"5"}]}""", "max_chars")]
    [InlineData("""{"steps":[{"op":"sample"}]}""", "count")]
    [InlineData("[]", "recipe")]
    [InlineData("{", "recipe")]
    public void What_a_recipe_gets_wrong_is_named(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<OperatorException>(() => Recipe.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pipeline_counts_and_tells_what_each_step_did()
    {
        var pipeline = new Pipeline(Recipe.Parse("""{"steps":[{"op":"length","max_chars":8},{"op":"exact_dedup"},{"op":"pii"}]}"""));
        var seen = new List<string>();
        var kept = pipeline.Run(
            "one|much too long|ONE|a@b.org".Split('|').Select(Rows.Text).Numbered(),
            step => seen.Add($"{step.Step} {step.Verdict.Item.Number} {step.Verdict.Reason ?? step.Verdict.Change}")).ToArray();
        Assert.Equal([1, 4], kept.Select(item => item.Number));
        Assert.Equal(["0 2 13 characters, more than 8", "1 3 the same as row 1", "2 4 redacted 1 email"], seen);
        Assert.Equal([(4, 1, 0), (3, 1, 0), (2, 0, 1)], pipeline.Counts.Select(count => (count.In, count.Removed, count.Changed)));
    }
}
