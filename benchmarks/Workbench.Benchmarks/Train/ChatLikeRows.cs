using System.Text.Json;

namespace Workbench.Benchmarks.Train;

/// <summary>Rows of random ids whose lengths are those of chats: log-normal around a median of 180 tokens, up to 512.</summary>
internal static class ChatLikeRows
{
    private const double Median = 180, Deviation = 0.6;
    private const int Longest = 512;

    public static void Write(string path, int rows, int vocabulary)
    {
        var random = new Random(1);
        File.WriteAllLines(path, Enumerable.Range(0, rows).Select(_ =>
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()); // Box and Muller, 1958
            var length = (int)Math.Clamp(Median * Math.Exp(Deviation * normal), 16, Longest);
            var ids = Enumerable.Range(0, length).Select(_ => random.Next(vocabulary)).ToArray();
            var labels = ids.Select((id, at) => at < length / 3 ? -100 : id).ToArray(); // a third is the question
            return JsonSerializer.Serialize(new { input_ids = ids, labels });
        }));
    }
}
