using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Web.Services;

namespace Workbench.Web.Starter.Guide;

/// <summary>Keeps the guided path's progress in the data folder (<c>starter/path.json</c>).</summary>
public sealed class PathMemory(DataFolder folder)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly Lock sync = new();
    private readonly string file = Path.Combine(folder.Root, "starter", "path.json");

    /// <summary>The progress; none where there is no file or it cannot be read.</summary>
    public PathProgress Read()
    {
        lock (sync)
        {
            try
            {
                return File.Exists(file) && JsonSerializer.Deserialize<PathProgress>(File.ReadAllText(file), Json) is { Seen: not null, Measured: not null } read
                    ? read
                    : PathProgress.None;
            }
            catch (Exception exception) when (exception is IOException or JsonException)
            {
                return PathProgress.None; // the path begins anew; nothing else is lost with it
            }
        }
    }

    /// <summary>Changes the progress.</summary>
    /// <exception cref="UserInputException">The data folder cannot be written.</exception>
    public void Change(Func<PathProgress, PathProgress> change)
    {
        lock (sync)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file + ".tmp", JsonSerializer.Serialize(change(Read()), Json));
                File.Move(file + ".tmp", file, overwrite: true);
            }
            catch (IOException exception)
            {
                throw new UserInputException("The guided path could not be kept.", "Check the free space of the data folder.", file, exception);
            }
        }
    }
}
