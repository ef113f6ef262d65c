using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>The truncation and padding sections, against the official library.</summary>
public sealed class LengthTests : IDisposable
{
    private static readonly string[] Texts =
    [
        "\"\"", "\"One\"", "\"Once upon a time there was a little girl called Lily.\"",
        """{"text":"Once upon a time there was a little girl.","pair":"She had a dog."}""",
        """{"text":"She had a dog.","pair":"Once upon a time there was a little girl called Lily who went out to play."}""",
        """{"text":"A","pair":"B"}""",
    ];

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("""{"direction":"Right","max_length":8,"strategy":"LongestFirst","stride":0}""", "null")]
    [InlineData("""{"direction":"Left","max_length":7,"strategy":"LongestFirst","stride":0}""", "null")]
    [InlineData("""{"direction":"Right","max_length":14,"strategy":"OnlyFirst","stride":0}""", "null")]
    [InlineData("null", """{"strategy":{"Fixed":12},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,"pad_type_id":0,"pad_token":"<unk>"}""")]
    [InlineData("null", """{"strategy":"BatchLongest","direction":"Left","pad_to_multiple_of":8,"pad_id":2,"pad_type_id":0,"pad_token":"</s>"}""")]
    [InlineData(
        """{"direction":"Right","max_length":5,"strategy":"LongestFirst","stride":0}""",
        """{"strategy":{"Fixed":8},"direction":"Left","pad_to_multiple_of":null,"pad_id":2,"pad_type_id":0,"pad_token":"</s>"}""")]
    public void Texts_are_cut_and_filled_as_the_official_library_does(string truncation, string padding)
    {
        var json = JsonNode.Parse(File.ReadAllBytes(Shared.Require("assets/models/stories260K-hf/tokenizer.json")))!;
        json["truncation"] = JsonNode.Parse(truncation);
        json["padding"] = JsonNode.Parse(padding);
        File.WriteAllText(_file, json.ToJsonString());
        var tokenizer = Tokenizer.Load(_file);

        var rows = TokenizerOracle.EncodeLines(_file, Texts, "--raw");

        Assert.All(Texts.Zip(rows), pair => Assert.Equal(Expected(pair.Second), Given(tokenizer, pair.First)));
    }

    private static string Expected(string row)
    {
        using var json = JsonDocument.Parse(row);
        return json.RootElement.TryGetProperty("error", out _)
            ? "an error"
            : $"{json.RootElement.GetProperty("ids")} {json.RootElement.GetProperty("offsets")}";
    }

    private static string Given(Tokenizer tokenizer, string line)
    {
        using var json = JsonDocument.Parse(line);
        var pair = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.GetProperty("pair").GetString() : null;
        try
        {
            var encoding = tokenizer.EncodeToLength(pair is null ? json.RootElement.GetString()! : json.RootElement.GetProperty("text").GetString()!, pair);
            return $"[{string.Join(',', encoding.Ids)}] [{string.Join(',', encoding.Offsets.Select(o => $"[{o.Start},{o.End}]"))}]";
        }
        catch (TokenizerException)
        {
            return "an error";
        }
    }
}
