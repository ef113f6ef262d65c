namespace Workbench.Learning.Training;

/// <summary>A run that cannot start or go on; the message names the cause and the remedy.</summary>
public sealed class TrainingException : Exception
{
    public TrainingException(string message)
        : base(message)
    {
    }

    public TrainingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
