using System.Net;
using System.Text;
using System.Text.Json;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>
/// Tokens as HTML, made once when an answer is complete: a browser shows a thousand spans at once, but a renderer would compare them with
/// every redraw. What a token tells when it is pointed at is an attribute, read by tokens.ts.
/// </summary>
internal static class TokenMarkup
{
    /// <summary>Bounds between the shades of entropy, in nats: sure, nearly sure, about two ways, about five, many.</summary>
    private static readonly double[] EntropyBounds = [0.1, 0.7, 1.6, 2.5];

    /// <summary>Bounds between the shades of probability.</summary>
    private static readonly double[] ProbabilityBounds = [0.9, 0.6, 0.3, 0.1];

    /// <summary>The tokens of an answer.</summary>
    public static string Of(IReadOnlyList<ChatText> tokens)
    {
        var html = new StringBuilder();
        foreach (var (_, _, text, token) in tokens)
        {
            var shades = $"e{Shade(token.Entropy, EntropyBounds, ascending: true)} p{Shade(Math.Exp(token.LogProbability), ProbabilityBounds, ascending: false)}";
            Append(html, $"token {shades}{(token.EndsTurn ? " end" : "")}", text, new
            {
                id = token.Id,
                s = token.Spelling,
                lp = Math.Round(token.LogProbability, 4),
                h = Math.Round(token.Entropy, 3),
                top = token.Top.Select(best => new object[] { best.Text, Math.Round(best.LogProbability, 4), best.Id == token.Id }),
            });
        }

        return html.ToString();
    }

    /// <summary>The tokens of a prompt.</summary>
    public static string Of(IReadOnlyList<PromptToken> tokens)
    {
        var html = new StringBuilder();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            Append(html, $"token{(token.Special ? " special" : i % 2 == 0 ? " even" : "")}", token.Text, new { id = token.Id, s = token.Text });
        }

        return html.ToString();
    }

    private static void Append(StringBuilder html, string kind, string text, object tip) => html
        .Append("<span class=\"").Append(kind).Append("\" data-token=\"").Append(WebUtility.HtmlEncode(JsonSerializer.Serialize(tip)))
        .Append("\">").Append(WebUtility.HtmlEncode(text)).Append("</span>");

    private static int Shade(double value, double[] bounds, bool ascending) => bounds.Count(bound => ascending ? value >= bound : value < bound);
}
