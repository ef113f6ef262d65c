using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Workbench.Web.Components.Pages.Chat;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Tests.Components.Chat;

public sealed partial class TokenMarkupTests
{
    private static ChatText Token(string text, double probability, double entropy, bool endsTurn = false) => new(
        0, 0, text, new ChatToken(7, "Ġ" + text, Math.Log(probability), entropy, [new ChatAlternative(7, text, Math.Log(probability))], endsTurn));

    [Fact]
    public void Text_that_looks_like_markup_stays_text()
    {
        var html = TokenMarkup.Of([Token("<b onmouseover=\"x()\">&'", 0.5, 0)]);
        Assert.DoesNotContain("<b", html, StringComparison.Ordinal);
        Assert.Equal("<b onmouseover=\"x()\">&'", WebUtility.HtmlDecode(Tag().Replace(html, "")));
    }

    [Theory]
    [InlineData(0.95, 0.05, "e0 p0")]
    [InlineData(0.7, 0.5, "e1 p1")]
    [InlineData(0.4, 1, "e2 p2")]
    [InlineData(0.2, 2, "e3 p3")]
    [InlineData(0.01, 5, "e4 p4")]
    public void Shades_go_from_sure_to_unsure(double probability, double entropy, string shades) =>
        Assert.Contains($"class=\"token {shades}\"", TokenMarkup.Of([Token("a", probability, entropy)]), StringComparison.Ordinal);

    [Fact]
    public void A_token_tells_its_id_its_score_and_what_else_might_have_come()
    {
        var attribute = WebUtility.HtmlDecode(Attribute().Match(TokenMarkup.Of([Token("cat", 0.5, 1.25, endsTurn: true)])).Groups[1].Value);
        var tip = JsonDocument.Parse(attribute).RootElement;
        Assert.Equal((7, "Ġcat", -0.6931, 1.25), (tip.GetProperty("id").GetInt32(), tip.GetProperty("s").GetString(), tip.GetProperty("lp").GetDouble(), tip.GetProperty("h").GetDouble()));
        var best = tip.GetProperty("top")[0];
        Assert.Equal(("cat", -0.6931, true), (best[0].GetString(), best[1].GetDouble(), best[2].GetBoolean()));
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("data-token=\"([^\"]*)\"")]
    private static partial Regex Attribute();
}
