using System.Text.Json;
using Workbench.Learning.Training.Checkpoints;

namespace Workbench.Web.Jobs;

/// <summary>Reads a run's status.json beside the worker that writes it, changing nothing in the folder.</summary>
internal static class StatusFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>When it was written last; says cheaply whether there is something new.</summary>
    public static DateTime WrittenAt(string runFolder) => File.GetLastWriteTimeUtc(At(runFolder));

    /// <summary>The status; null where there is none or it cannot be read.</summary>
    public static RunStatus? Read(string runFolder)
    {
        try
        {
            return JsonSerializer.Deserialize<RunStatus>(File.ReadAllBytes(At(runFolder)), Json);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    private static string At(string runFolder) => Path.Combine(runFolder, "status.json");
}
