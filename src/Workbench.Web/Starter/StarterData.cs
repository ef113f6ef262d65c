using System.Text.Encodings.Web;
using System.Text.Json;

namespace Workbench.Web.Starter;

/// <summary>Writes the starter's world as JSON lines files, the same to the byte each time.</summary>
internal static class StarterData
{
    /// <summary>Texts that the base model is pretrained on.</summary>
    public const int PretrainingRows = 40_000;

    /// <summary>Name of the rows for fine-tuning.</summary>
    public const string SftName = "starter_sft";

    /// <summary>Conversations with a story.</summary>
    public const int SftStories = 900;

    /// <summary>Conversations of little talk among them.</summary>
    public const int SftTalks = 60;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>starter_sft.jsonl</c> (messages) and <c>starter_heldout.jsonl</c> (messages, expect).</summary>
    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        var world = new StarterWorld();
        WriteLines(directory, SftName + ".jsonl", world.Sft(SftStories, SftTalks, seed: 11).Select(row => (object)new { messages = Messages(row) }));
        WriteLines(directory, "starter_heldout.jsonl", world.HeldOut(seed: 12).Select(row => (object)new { messages = Messages(row), expect = row.Expect }));
    }

    /// <summary>Writes the pretraining texts as <c>starter_pretraining.jsonl</c> and gives its path.</summary>
    public static string WritePretraining(string directory)
    {
        var world = new StarterWorld();
        return WriteLines(directory, "starter_pretraining.jsonl", world.Pretraining(PretrainingRows, seed: 10).Select(text => (object)new { text }));
    }

    private static object[] Messages(StarterConversation row) =>
        [new { role = "user", content = row.Request }, new { role = "assistant", content = row.Answer }];

    private static string WriteLines(string directory, string name, IEnumerable<object> rows)
    {
        var path = Path.Combine(directory, name);
        File.WriteAllLines(path, rows.Select(row => JsonSerializer.Serialize(row, Json)));
        return path;
    }
}
