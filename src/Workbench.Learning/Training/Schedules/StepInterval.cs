namespace Workbench.Learning.Training.Schedules;

/// <summary>Options such as <c>save_steps</c>: a number of steps, or below 1 a share of all steps, rounded up as transformers does.</summary>
public static class StepInterval
{
    /// <summary>Steps from one occasion to the next; at least 1.</summary>
    public static int Resolve(double value, int totalSteps) =>
        Math.Max(1, value < 1 ? (int)Math.Ceiling(value * totalSteps) : (int)value);
}
