using System.Text.Json.Nodes;

namespace Workbench.Web.Tests.Support;

/// <summary>Copies of a real model folder with one thing wrong each.</summary>
internal static class BrokenModels
{
    public const string Good = "assets/models/stories260K-hf";

    /// <summary>A copy to write into.</summary>
    public static string Unspoilt(string root) => Copy(root, _ => { });

    public static string WithoutWeights(string root) => Copy(root, copy => File.Delete(Path.Combine(copy, "model.safetensors")));

    public static string Truncated(string root) => Copy(root, copy =>
    {
        using var file = File.OpenWrite(Path.Combine(copy, "model.safetensors"));
        file.SetLength(file.Length / 2);
    });

    /// <summary>The tokenizer knows an id that the embedding has no row for.</summary>
    public static string WithTooManyTokens(string root) => Copy(root, copy =>
    {
        var path = Path.Combine(copy, "tokenizer.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["added_tokens"]!.AsArray().Add(new JsonObject
        {
            ["id"] = 512, ["content"] = "<|extra|>", ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
        });
        File.WriteAllText(path, json.ToJsonString());
    });

    private static string Copy(string root, Action<string> spoil)
    {
        var copy = Directory.CreateDirectory(Path.Combine(root, $"model-{Guid.NewGuid():N}")).FullName;
        foreach (var file in Directory.EnumerateFiles(Shared.Require(Good)))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        spoil(copy);
        return copy;
    }
}
