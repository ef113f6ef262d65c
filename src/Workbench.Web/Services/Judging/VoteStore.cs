using System.Text.Json;

namespace Workbench.Web.Services.Judging;

/// <summary>All votes, in the order in which they were given: <c>judging/votes.jsonl</c>, a line each, only ever appended to.</summary>
public sealed class VoteStore(DataFolder folder)
{
    private readonly Lock sync = new();

    private string File => Path.Combine(folder.Judging, "votes.jsonl");

    /// <exception cref="UserInputException">The disk is full.</exception>
    public void Add(Vote vote)
    {
        try
        {
            lock (sync)
            {
                Directory.CreateDirectory(folder.Judging);
                // A line that a crash cut short must not swallow the next one.
                var torn = System.IO.File.Exists(File) && !EndsWithLine();
                System.IO.File.AppendAllText(File, $"{(torn ? "\n" : "")}{JsonSerializer.Serialize(vote)}\n");
            }
        }
        catch (IOException exception)
        {
            throw new UserInputException($"The vote could not be kept: {exception.Message}", "Check the free space of the data folder, then vote again.", folder.Root, exception);
        }
    }

    /// <summary>The votes so far.</summary>
    public IReadOnlyList<Vote> All()
    {
        lock (sync)
        {
            return System.IO.File.Exists(File) ? [.. System.IO.File.ReadLines(File).Select(Read).OfType<Vote>()] : [];
        }
    }

    private static Vote? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Vote>(line);
        }
        catch (JsonException)
        {
            return null; // cut short by a crash: it was never counted
        }
    }

    private bool EndsWithLine()
    {
        using var stream = System.IO.File.OpenRead(File);
        return stream.Length == 0 || (stream.Seek(-1, SeekOrigin.End) >= 0 && stream.ReadByte() == '\n');
    }
}
