using System.Text.Json;
using Workbench.Web.Services;

namespace Workbench.Web.Jobs;

/// <summary>Keeps the limits of the queue in the data folder (<c>queue.json</c>) and wakes the queue when they change.</summary>
public sealed class QueueSettings(DataFolder folder, RunSignal signal)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly Lock sync = new();
    private readonly string file = Path.Combine(folder.Root, "queue.json");

    /// <summary>The limits in force; the defaults where none were set or the file cannot be read.</summary>
    public QueueLimits Read()
    {
        lock (sync)
        {
            try
            {
                return File.Exists(file) && JsonSerializer.Deserialize<QueueLimits>(File.ReadAllText(file), Json) is { } limits ? limits : new QueueLimits();
            }
            catch (Exception exception) when (exception is IOException or JsonException)
            {
                return new QueueLimits();
            }
        }
    }

    /// <summary>Sets the limits.</summary>
    /// <exception cref="UserInputException">A limit makes no sense, or the data folder cannot be written.</exception>
    public void Write(QueueLimits limits)
    {
        if (limits.MaxAtOnce is < 1 or > QueueLimits.Most)
        {
            throw new UserInputException($"{limits.MaxAtOnce} runs at once are not possible.", $"Give a number from 1 to {QueueLimits.Most}.", "max_at_once");
        }

        if (limits.From is null != limits.Until is null)
        {
            throw new UserInputException("The hours need a begin and an end.", "Give both, or neither.", limits.From is null ? "from" : "until");
        }

        lock (sync)
        {
            try
            {
                File.WriteAllText(file + ".tmp", JsonSerializer.Serialize(limits, Json));
                File.Move(file + ".tmp", file, overwrite: true);
            }
            catch (IOException exception)
            {
                throw new UserInputException("The limits of the queue could not be kept.", "Check the free space of the data folder.", file, exception);
            }
        }

        signal.Set();
    }
}
