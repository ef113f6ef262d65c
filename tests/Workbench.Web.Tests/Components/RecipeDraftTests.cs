using Workbench.Data.Filters;
using Workbench.Web.Components.Pages.Datasets;
using Workbench.Web.Services;

namespace Workbench.Web.Tests.Components;

public sealed class RecipeDraftTests
{
    public static TheoryData<string> Operators => [.. Recipe.Operators];

    [Theory]
    [MemberData(nameof(Operators))]
    public void What_is_added_is_a_valid_step_that_comes_back_unchanged_from_its_fields(string name)
    {
        var draft = new RecipeDraft();
        draft.Add(name);
        var recipe = draft.Parse();
        Assert.Equal(name, Recipe.NameOf(Assert.Single(recipe.Steps)));
        Assert.NotEmpty(OperatorGuide.Of(name));

        var again = new RecipeDraft();
        again.Add(recipe);
        Assert.Equal(recipe.ToJson(), again.Parse().ToJson());
    }

    [Fact]
    public void Steps_run_in_the_order_that_they_are_put_in()
    {
        var draft = new RecipeDraft();
        draft.Add("length");
        draft.Add("exact_dedup");
        draft.Add("turns");
        draft.Move(draft.Steps[2], 0);
        draft.Move(draft.Steps[1], 99);
        Assert.Equal(["turns", "exact_dedup", "length"], draft.Parse().Steps.Select(Recipe.NameOf));
        draft.Remove(draft.Steps[1]);
        Assert.Equal(["turns", "length"], draft.Parse().Steps.Select(Recipe.NameOf));
    }

    [Theory]
    [InlineData("length", "max_chars", "many", "step 1, length", "not a whole number")]
    [InlineData("near_dedup", "threshold", "0,8", "step 1, near_dedup", "not a number")]
    [InlineData("balance", "weights", "{", "step 1, balance", "not JSON")]
    [InlineData("regex", "pattern", "", "step 1, regex", "pattern")]
    public void A_field_that_cannot_be_used_is_named(string name, string parameter, string text, string place, string said)
    {
        var draft = new RecipeDraft();
        draft.Add(name);
        draft.Steps[0].Values[parameter] = text;
        var problem = Assert.Throws<UserInputException>(draft.Parse);
        Assert.Equal(place, problem.Place);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        Assert.Throws<UserInputException>(() => new RecipeDraft().Parse());
    }
}
