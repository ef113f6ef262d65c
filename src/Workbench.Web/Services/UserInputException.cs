namespace Workbench.Web.Services;

/// <summary>
/// What the user gave cannot be used. The one exception whose text is shown as it is: on pages, as problem+json, on standard error.
/// </summary>
/// <param name="message">What is wrong, in one sentence that names the thing.</param>
/// <param name="remedy">What to do about it.</param>
/// <param name="place">Where: a file, "line 57", a configuration key; null when the message says it all.</param>
/// <param name="inner">What was caught, for the log.</param>
public sealed class UserInputException(string message, string? remedy = null, string? place = null, Exception? inner = null)
    : Exception(message, inner)
{
    public string? Remedy { get; } = remedy;

    public string? Place { get; } = place;

    /// <summary>Whether the thing asked for does not exist (HTTP 404 rather than 400).</summary>
    public bool NotFound { get; private init; }

    /// <summary>There is no <paramref name="kind"/> of that id.</summary>
    public static UserInputException Missing(string kind, string id) =>
        new($"There is no {kind} \"{id}\".", $"It may have been deleted; look at the list of {kind}s.") { NotFound = true };
}
