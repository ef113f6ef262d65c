using System.Text;
using Workbench.Data.Filters;

namespace Workbench.Tests.Data.Filters;

public sealed class ColumnFilterTests
{
    private const string Row = """
        {"messages":[{"role":"system","content":"Be {kind}."},{"role":"user","content":"Grüße","n":[1,2]}],"score":0.75,"good":true,"none":null,"a\u00e9":"x","meta":{"source":"Wiki","year":"2019"},"id":7}
        """;

    [Theory]
    [InlineData("score>0.5", true)]
    [InlineData("score>0.75", false)]
    [InlineData("score<0.8", true)]
    [InlineData("score=0.750", true)]
    [InlineData("score=.75", true)]
    [InlineData("score!=1", true)]
    [InlineData("id=7", true)]
    [InlineData("id=7.0", true)]
    [InlineData("good=true", true)]
    [InlineData("good=false", false)]
    [InlineData("meta.source=Wiki", true)]
    [InlineData("meta.source=wiki", false)]
    [InlineData("meta.source~wIK", true)]
    [InlineData("meta.year>2018", true)] // a number that was written as a text
    [InlineData("meta.source>1", false)]
    [InlineData("messages.role=user", true)] // any message
    [InlineData("messages.0.role=user", false)]
    [InlineData("messages.1.role=user", true)]
    [InlineData("messages.1.n=2", false)] // the list itself is no number
    [InlineData("messages.1.n.1=2", true)]
    [InlineData("messages.9.role=user", false)]
    [InlineData("messages.content~GRÜSSE", false)]
    [InlineData("messages.content~grüße", true)]
    [InlineData("messages~{kind}", true)]
    [InlineData("aé=x", true)]
    [InlineData("none", false)]
    [InlineData("!none", true)]
    [InlineData("!absent", true)]
    [InlineData("absent!=1", false)]
    [InlineData("absent", false)]
    [InlineData("meta", true)]
    [InlineData("!meta", false)]
    [InlineData("score.deep", false)]
    public void A_condition_holds_or_not(string condition, bool expected)
    {
        var filter = ColumnFilter.Parse(condition);
        Assert.Equal(expected, filter.Holds(Encoding.UTF8.GetBytes(Row.Trim())));
        Assert.Equal(condition, filter.ToString());
    }

    [Theory]
    [InlineData("score>x", "no number")]
    [InlineData("=x", "Name the column")]
    [InlineData("a..b=1", "Name the column")]
    [InlineData("", "Name the column")]
    public void What_is_no_condition_says_why(string condition, string expected) =>
        Assert.Contains(expected, Assert.Throws<OperatorException>(() => ColumnFilter.Parse(condition)).Message, StringComparison.Ordinal);
}
