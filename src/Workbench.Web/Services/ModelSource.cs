using System.Text.Json;

namespace Workbench.Web.Services;

/// <summary>Where a model's folder came from, kept in it as <c>workbench_source.json</c>.</summary>
/// <param name="Site">HuggingFace, ModelScope, Upload, or Merge.</param>
/// <param name="Name">The model's id there, or the folder's name.</param>
/// <param name="Revision">The revision asked for; null for the main one.</param>
/// <param name="Commit">The commit that it was.</param>
/// <param name="Time">When it came.</param>
public sealed record ModelSource(string Site, string Name, string? Revision, string? Commit, DateTimeOffset Time)
{
    private const string FileName = "workbench_source.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(string directory, ModelSource source) => File.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(source, Json));

    /// <summary>What the folder says; null where it says nothing that can be read.</summary>
    public static ModelSource? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelSource>(File.ReadAllBytes(Path.Combine(directory, FileName)), Json);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // a folder from elsewhere, which need not say
        }
    }
}
