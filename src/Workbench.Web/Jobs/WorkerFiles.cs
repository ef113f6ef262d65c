namespace Workbench.Web.Jobs;

/// <summary>How application and worker talk: through files of the run folder, which outlive both.</summary>
internal static class WorkerFiles
{
    private const string StopFile = "stop";
    private const string LockFile = "worker.lock";

    /// <summary>Exit code of a worker that found another one at work.</summary>
    public const int AlreadyWorking = 75;

    /// <summary>Asks the worker to save a checkpoint and end.</summary>
    public static void RequestStop(string runFolder) => File.WriteAllText(Path.Combine(runFolder, StopFile), "");

    public static bool IsStopRequested(string runFolder) => File.Exists(Path.Combine(runFolder, StopFile));

    /// <summary>Forgets an earlier request.</summary>
    public static void ClearStop(string runFolder) => File.Delete(Path.Combine(runFolder, StopFile));

    /// <summary>
    /// Makes the caller the run's only worker until it disposes or dies (the system releases the lock of a dead process);
    /// null when another one is.
    /// </summary>
    public static FileStream? TryLock(string runFolder)
    {
        try
        {
            return new FileStream(Path.Combine(runFolder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
