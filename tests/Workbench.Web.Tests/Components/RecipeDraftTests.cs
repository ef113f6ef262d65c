using Workbench.Data.Filters;
using Workbench.Web.Components.Pages.Datasets;
using Workbench.Web.Services;

namespace Workbench.Web.Tests.Components;

public sealed class RecipeDraftTests
{
    [Fact]
    public void Every_operator_that_is_added_can_be_read_and_run()
    {
        foreach (var name in Recipe.Operators)
        {
            var draft = new RecipeDraft { Text = "" };
            draft.Add(name);
            var step = Assert.Single(draft.Parse().Steps);
            Assert.Equal(name, Recipe.NameOf(step));
            if (name != "leakage") // which wants a file
            {
                Assert.Empty(step.Apply([], TestContext.Current.CancellationToken));
            }
        }
    }

    [Fact]
    public void A_wrong_line_is_named()
    {
        var problem = Assert.Throws<UserInputException>(() => new RecipeDraft { Text = "{\"op\":\"exact_dedup\"}\n\n{\"op\":\"nope\"}" }.Parse());
        Assert.Equal("line 3", problem.Place);
        Assert.Throws<UserInputException>(() => new RecipeDraft { Text = " \n" }.Parse());
    }
}
