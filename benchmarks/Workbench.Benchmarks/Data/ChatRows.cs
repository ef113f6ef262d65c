using System.Text;
using System.Text.Json;

namespace Workbench.Benchmarks.Data;

/// <summary>
/// Chats of made-up words, about a kilobyte each, any of which can be told from its number alone. One in fifty says exactly what an earlier one says,
/// one in twenty-five nearly (1 to 4 words of some 150 are others), and one in twenty-five not nearly enough (10 to 16 words are).
/// </summary>
internal static class ChatRows
{
    private const int Vocabulary = 20_000;
    private const double MedianWords = 130, Deviation = 0.5;

    private static readonly string[] Words = [.. Enumerable.Range(0, Vocabulary).Select(Word)];

    /// <summary>What a row is.</summary>
    public enum Kind
    {
        Original,
        Exact,
        Near,
        Apart,
    }

    /// <summary>What row <paramref name="number"/>, from 1, is.</summary>
    public static Kind KindOf(int number) => number < 100 ? Kind.Original : (number % 100) switch
    {
        10 or 60 => Kind.Exact,
        20 or 45 or 70 or 95 => Kind.Near,
        30 or 55 or 80 or 99 => Kind.Apart,
        _ => Kind.Original,
    };

    /// <summary>The row that a planted one is made from.</summary>
    public static int SourceOf(int number)
    {
        var source = 1 + new Random(number).Next(number - 1);
        while (KindOf(source) != Kind.Original)
        {
            source--;
        }

        return source;
    }

    /// <summary>What is asked and what is answered.</summary>
    public static (string Question, string Answer) Texts(int number)
    {
        var kind = KindOf(number);
        var random = new Random(kind == Kind.Original ? number : SourceOf(number));
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()); // Box and Muller, 1958
        var question = Draw(random, 12);
        var answer = Draw(random, (int)Math.Clamp(MedianWords * Math.Exp(Deviation * normal), 60, 600));
        if (kind is Kind.Near or Kind.Apart)
        {
            var edits = new Random(-number);
            var share = answer.Length / 150.0;
            var words = kind == Kind.Near ? 1 + (int)(edits.Next(4) * share) : (int)((10 + edits.Next(7)) * Math.Max(share, 0.5));
            for (var i = 0; i < words; i++)
            {
                answer[edits.Next(answer.Length)] = Words[edits.Next(Vocabulary)] + "x";
            }
        }

        return (string.Join(' ', question) + "?", Sentences(answer));
    }

    /// <summary>Writes rows 1 to <paramref name="count"/> as JSON lines.</summary>
    public static void Write(string path, int count)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        var batch = new byte[1000][];
        for (var start = 1; start <= count; start += batch.Length)
        {
            var first = start;
            var rows = Math.Min(batch.Length, count - start + 1);
            Parallel.For(0, rows, i =>
            {
                var (question, answer) = Texts(first + i);
                batch[i] = JsonSerializer.SerializeToUtf8Bytes(new
                {
                    messages = new[] { new { role = "user", content = question }, new { role = "assistant", content = answer } },
                    id = first + i,
                });
            });
            for (var i = 0; i < rows; i++)
            {
                file.Write(batch[i]);
                file.WriteByte((byte)'\n');
            }
        }
    }

    private static string[] Draw(Random random, int count)
    {
        var words = new string[count];
        for (var i = 0; i < count; i++)
        {
            var at = random.NextDouble();
            words[i] = Words[(int)(Vocabulary * at * at * at)]; // few words are most of a text
        }

        return words;
    }

    private static string Sentences(string[] words)
    {
        var text = new StringBuilder(words.Length * 7);
        for (var i = 0; i < words.Length; i++)
        {
            text.Append(words[i]).Append(i % 14 == 13 || i == words.Length - 1 ? ". " : " ");
        }

        return text.ToString(0, text.Length - 1);
    }

    private static string Word(int index)
    {
        const string Consonants = "bdfgklmnprstvz", Vowels = "aeiou";
        var word = new StringBuilder();
        for (var rest = index + 70; rest > 0; rest /= 70)
        {
            word.Append(Consonants[rest % 14]).Append(Vowels[rest / 14 % 5]);
        }

        return word.ToString();
    }
}
