using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Workbench.Web.Services.Teachers;

/// <summary>
/// Answers as they come, a line each, under a hash of all that shapes them: a run that ended early, by kill too, goes on where it was
/// and pays for no answer twice.
/// </summary>
public sealed class AnswerLedger : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, TeacherAnswer> answers = [];
    private readonly Lock sync = new();
    private readonly FileStream? file;

    private AnswerLedger(FileStream? file) => this.file = file;

    /// <summary>Opens or begins the ledger of a path; null keeps answers in memory only.</summary>
    /// <exception cref="UserInputException">It cannot be opened, another run writes it, or a line is no answer.</exception>
    public static AnswerLedger Open(string? path)
    {
        if (path is null)
        {
            return new AnswerLedger(null);
        }

        try
        {
            var full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            var ledger = new AnswerLedger(new FileStream(full, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
            try
            {
                ledger.Read(full);
                return ledger;
            }
            catch
            {
                ledger.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException($"The ledger cannot be opened: {exception.Message}", "Another run may be writing it: wait for that, or name another one.", path, exception);
        }
    }

    /// <summary>The key of an answer.</summary>
    /// <param name="teacher">Its identity.</param>
    /// <param name="question">What it is asked, seed included.</param>
    public static string KeyOf(ITeacher teacher, Question question)
    {
        var text = $"{teacher.Identity}\n{question.Messages.GetRawText()}\n{question.Tools?.GetRawText()}\n{question.Seed}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    public TeacherAnswer? Find(string key)
    {
        lock (sync)
        {
            return answers.GetValueOrDefault(key);
        }
    }

    /// <summary>Keeps an answer; once this returns, the death of the process does not lose it.</summary>
    /// <exception cref="UserInputException">The disk is full.</exception>
    public void Add(string key, TeacherAnswer answer)
    {
        lock (sync)
        {
            answers[key] = answer;
            try
            {
                file?.Write([.. JsonSerializer.SerializeToUtf8Bytes(new Entry(key, answer), Json), (byte)'\n']);
                file?.Flush();
            }
            catch (IOException exception)
            {
                throw new UserInputException($"The ledger cannot be written: {exception.Message}", "Check the free space of its disk, then run again.", file!.Name, exception);
            }
        }
    }

    public void Dispose() => file?.Dispose();

    private void Read(string path)
    {
        var (end, number) = (0L, 0);
        using var reader = new StreamReader(file!, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            number++;
            var next = end + Encoding.UTF8.GetByteCount(line) + 1;
            if (next > file!.Length)
            {
                break; // no line end: the process died while it wrote this one
            }

            var entry = Parse(line, path, number);
            answers[entry.Key] = entry.Answer;
            end = next;
        }

        file!.SetLength(end);
        file.Position = end;
    }

    private static Entry Parse(string line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, Json) is { Key: not null, Answer: not null } entry ? entry : throw new JsonException("it has no key and answer");
        }
        catch (JsonException exception)
        {
            throw new UserInputException($"Line {number} of the ledger is no answer: {exception.Message}", "Remove the line, or name another ledger.", path, exception);
        }
    }

    private sealed record Entry(string Key, TeacherAnswer Answer);
}
