namespace Workbench.Learning.Models;

/// <summary>A model folder that cannot be used; the message names the file, the place in it and the remedy.</summary>
public sealed class ModelException : Exception
{
    public ModelException(string message)
        : base(message)
    {
    }

    public ModelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
