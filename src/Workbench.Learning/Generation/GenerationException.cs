namespace Workbench.Learning.Generation;

/// <summary>A request that cannot be answered; the message names the value and the remedy.</summary>
public sealed class GenerationException : Exception
{
    public GenerationException(string message)
        : base(message)
    {
    }

    public GenerationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
