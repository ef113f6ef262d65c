using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Web.Services.Review;

/// <summary>
/// The judgements on a dataset's rows: a line each, appended as it is made (<c>reviews/ID.jsonl</c>). Nothing is lost when the page goes,
/// and what was thought before can be read, too.
/// </summary>
public sealed class ReviewLog(DataFolder folder)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly ConcurrentDictionary<string, Lock> locks = new(StringComparer.Ordinal);

    /// <summary>The latest judgement of each row and reviewer of a version.</summary>
    public IReadOnlyDictionary<(int Row, string Reviewer), Judgement> Read(string datasetId, string contentHash)
    {
        var latest = new Dictionary<(int, string), Judgement>();
        lock (LockOf(datasetId))
        {
            if (File.Exists(PathOf(datasetId)))
            {
                foreach (var line in File.ReadLines(PathOf(datasetId)))
                {
                    if (TryRead(line) is { } judgement && judgement.ContentHash == contentHash)
                    {
                        latest[(judgement.Row, judgement.Reviewer)] = judgement;
                    }
                }
            }
        }

        return latest;
    }

    /// <summary>Keeps a judgement.</summary>
    /// <exception cref="UserInputException">It could not be written.</exception>
    public void Append(string datasetId, Judgement judgement)
    {
        lock (LockOf(datasetId))
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(PathOf(datasetId))!);
                // Before the line, too: after half a line of a process that was killed, this one still stands alone.
                File.AppendAllText(PathOf(datasetId), "\n" + JsonSerializer.Serialize(judgement, Json) + "\n");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new UserInputException("The judgement could not be kept.", "Check the free space of the data folder, then judge the row again.", folder.Root, exception);
            }
        }
    }

    private static Judgement? TryRead(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize<Judgement>(line, Json);
        }
        catch (JsonException)
        {
            return null; // half a line
        }
    }

    private Lock LockOf(string datasetId) => locks.GetOrAdd(datasetId, _ => new Lock());

    private string PathOf(string datasetId) => folder.ReviewsOf(datasetId);
}
