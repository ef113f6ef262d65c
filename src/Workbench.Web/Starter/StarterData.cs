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

    /// <summary>Name of the preference pairs.</summary>
    public const string DpoName = "starter_dpo";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes <c>starter_sft.jsonl</c> (messages), <c>starter_sft_stories.jsonl</c> (its stories alone, for a run of a minute), <c>starter_dpo.jsonl</c> (prompt, chosen, rejected), <c>starter_sums.jsonl</c> (prompt and
    /// solution, for a reward to check) and <c>starter_heldout_PART.jsonl</c> (messages, expect).
    /// </summary>
    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        var conversations = StarterWorld.Sft(seed: 11);
        WriteLines(directory, SftName, conversations.Select(row => (object)new { messages = Messages(row) }));
        WriteLines(directory, SftName + "_stories", conversations.Where(row => row.Part == StarterPart.Stories).Select(row => (object)new { messages = Messages(row) }));
        WriteLines(directory, DpoName, StarterWorld.Pairs(seed: 13).Select(pair => (object)new
        {
            prompt = new[] { Said("user", pair.Request) },
            chosen = new[] { Said("assistant", pair.Chosen) },
            rejected = new[] { Said("assistant", pair.Rejected) },
        }));
        WriteLines(directory, "starter_sums", StarterWorld.Checkable(400, seed: 14).Select(row => (object)new
        {
            prompt = new[] { Said("user", row.Request) },
            solution = row.Expect[0]["= ".Length..],
        }));
        foreach (var part in Enum.GetValues<StarterPart>())
        {
            var rows = StarterWorld.HeldOut(part).Select(row => (object)new { messages = Messages(row), expect = row.Expect });
            WriteLines(directory, "starter_heldout_" + part.ToString().ToLowerInvariant(), rows);
        }
    }

    /// <summary>Writes the pretraining texts as <c>starter_pretraining.jsonl</c> and gives its path.</summary>
    public static string WritePretraining(string directory) => WriteLines(
        directory, "starter_pretraining", StarterWorld.Pretraining(PretrainingRows, seed: 10).Select(text => (object)new { text }));

    private static object[] Messages(StarterConversation row) => [Said("user", row.Request), Said("assistant", row.Answer)];

    private static object Said(string role, string content) => new { role, content };

    private static string WriteLines(string directory, string name, IEnumerable<object> rows)
    {
        var path = Path.Combine(directory, name + ".jsonl");
        File.WriteAllLines(path, rows.Select(row => JsonSerializer.Serialize(row, Json)));
        return path;
    }
}
