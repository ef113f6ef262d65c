using Workbench.Web.Services;

namespace Workbench.Web.Components.Shared;

/// <summary>What a page tells its user when something cannot be done.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Place">Where.</param>
public sealed record Problem(string Message, string? Remedy = null, string? Place = null)
{
    /// <summary>Whether the thing itself does not exist.</summary>
    public bool NotFound { get; init; }

    public static Problem From(UserInputException exception) =>
        new(exception.Message, exception.Remedy, exception.Place) { NotFound = exception.NotFound };
}
