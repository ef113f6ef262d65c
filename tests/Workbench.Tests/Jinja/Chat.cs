using System.Text.Json;
using Workbench.Language.Chat.Templates;

namespace Workbench.Tests.Jinja;

/// <summary>Renders conversations and bare contexts the way the oracle's cases describe them.</summary>
internal static class Chat
{
    /// <summary>The moment that <c>strftime_now</c> sees where a case names none.</summary>
    public static readonly DateTime Now = new(2025, 6, 15, 12, 34, 56);

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    public static JsonElement Json(string json) => JsonDocument.Parse(json, Deep).RootElement;

    /// <summary>A request from a case in the oracle's shape; <paramref name="wantsMask"/> asks for generation spans.</summary>
    public static ChatRequest Request(JsonElement oracleCase, bool wantsMask = false)
    {
        JsonElement? Optional(string name) =>
            oracleCase.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        var tokens = Optional("special_tokens") is { } special
            ? special.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetString())
            : null;
        var kwargs = Optional("kwargs");
        if (wantsMask)
        {
            var members = kwargs?.EnumerateObject().Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value.GetRawText()}") ?? [];
            kwargs = Json("{" + string.Join(",", members.Append("\"return_assistant_tokens_mask\":true")) + "}");
        }

        return new ChatRequest
        {
            Messages = oracleCase.GetProperty("messages"),
            Tools = Optional("tools"),
            Documents = Optional("documents"),
            Kwargs = kwargs,
            SpecialTokens = tokens,
            Now = oracleCase.TryGetProperty("now", out var now) ? DateTime.Parse(now.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : Now,
        };
    }

    /// <summary>Renders a template over variables given as a JSON object, without any message.</summary>
    public static string Render(string template, string variables = "{}", RenderOptions? options = null) =>
        ChatTemplate.Parse(template).Render(Variables(variables), options).Text;

    public static ChatRequest Variables(string variables) => new() { Messages = Json("[]"), Kwargs = Json(variables), Now = Now };

    /// <summary>Renders a template over messages given as JSON.</summary>
    public static RenderedChat RenderMessages(string template, string messages, RenderOptions? options = null, string? kwargs = null) =>
        ChatTemplate.Parse(template).Render(
            new ChatRequest { Messages = Json(messages), Kwargs = kwargs is null ? null : Json(kwargs), Now = Now }, options);

    /// <summary>The error of a template, as Python's class, message and line.</summary>
    public static (string Type, string Message, int? Line) Error(string template, string variables = "{}", RenderOptions? options = null)
    {
        var error = Assert.Throws<TemplateException>(() => Render(template, variables, options));
        return (error.Type, error.Message, error.Line);
    }
}
