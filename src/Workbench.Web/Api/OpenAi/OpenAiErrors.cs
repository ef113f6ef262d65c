using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Web.Api.OpenAi;

/// <summary>Failures under /v1, as OpenAI's clients read them: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal static class OpenAiErrors
{
    /// <summary>Where this form is used in place of problem+json.</summary>
    public static readonly PathString Root = "/v1";

    /// <summary>Names and escapes of everything under /v1.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
    };

    internal sealed record Body(Problem Error);

    internal sealed record Problem(string Message, string Type, string? Param, string? Code);

    /// <param name="status">HTTP's status, which says the error's type.</param>
    /// <param name="type">The workbench's own word for it.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="param">The field at fault.</param>
    public static Body Of(int status, string type, string message, string? remedy, string? param)
    {
        var missing = status == StatusCodes.Status404NotFound && type == "not_found";
        var kind = status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            StatusCodes.Status403Forbidden => "permission_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        };
        return new Body(new Problem(remedy is null ? message : $"{message} {remedy}", kind, missing ? "model" : param, missing ? "model_not_found" : type));
    }

    public static Task WriteAsync(HttpContext context, int status, string type, string message, string? remedy, string? param)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(Of(status, type, message, remedy, param), Json, context.RequestAborted);
    }
}
