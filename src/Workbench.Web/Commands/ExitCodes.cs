namespace Workbench.Web.Commands;

/// <summary>What a verb's exit status says.</summary>
internal static class ExitCodes
{
    /// <summary>Every line went well.</summary>
    public const int Done = 0;

    /// <summary>A line failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage: nothing was done.</summary>
    public const int Usage = 2;
}
