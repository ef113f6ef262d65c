using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Workbench.Web.Api.OpenAi;
using Workbench.Web.Services;

namespace Workbench.Web.Hosting;

/// <summary>Failures as problem+json (RFC 9457): type, title, and beside them the place and the remedy. Never a stack trace.</summary>
internal static class Problems
{
    /// <summary>Writes one problem as the whole answer; under /v1 as OpenAI's clients read it.</summary>
    public static Task WriteAsync(HttpContext context, int status, string type, string title, string? remedy = null, string? place = null)
    {
        if (context.Request.Path.StartsWithSegments(OpenAiErrors.Root, StringComparison.OrdinalIgnoreCase))
        {
            return OpenAiErrors.WriteAsync(context, status, type, title, remedy, place);
        }

        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            Create(status, type, title, remedy, place), options: null, contentType: "application/problem+json", context.RequestAborted);
    }

    private static ProblemDetails Create(int status, string type, string title, string? remedy, string? place)
    {
        var problem = new ProblemDetails { Status = status, Type = type, Title = title };
        if (place is not null)
        {
            problem.Extensions["place"] = place;
        }

        if (remedy is not null)
        {
            problem.Extensions["remedy"] = remedy;
        }

        return problem;
    }

    /// <summary>Turns exceptions into problems.</summary>
    internal sealed class Handler(ILogger<Handler> logger) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            switch (exception)
            {
                case var known when Failure.Of(known) is { } failure:
                    var status = failure.Type == "not_found" ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest;
                    await WriteAsync(httpContext, status, failure.Type, failure.Message, failure.Remedy, failure.Place);
                    return true;
                case BadHttpRequestException request:
                    var tooLarge = request.StatusCode == StatusCodes.Status413PayloadTooLarge;
                    await WriteAsync(
                        httpContext,
                        request.StatusCode,
                        "invalid_request",
                        request.InnerException is JsonException json ? $"The body is not what this address takes: {json.Message}" : request.Message,
                        tooLarge ? "Send less at once, or upload the file as a dataset." : "See /openapi/v1.json for what this address takes.");
                    return true;
                default:
                    logger.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
                    await WriteAsync(
                        httpContext, StatusCodes.Status500InternalServerError, "internal_error", "Something went wrong in the workbench.",
                        "The workbench's log says what; the request can be tried again.");
                    return true;
            }
        }
    }
}
