using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Learning.Models.Decoder;

namespace Workbench.Learning.Models.Hub;

/// <summary>
/// Whether every id of the tokenizer has a row in the embedding. An id beyond it reads foreign memory on some devices and ends
/// the process on others, so it must be known before anything runs.
/// </summary>
internal static class VocabularyCheck
{
    /// <summary>Looks into tokenizer.json for its highest id; a folder without one has nothing to disagree with.</summary>
    public static IEnumerable<string> Problems(string directory, DecoderConfig config)
    {
        var path = Path.Combine(directory, "tokenizer.json");
        if (!File.Exists(path))
        {
            yield break;
        }

        string? unreadable = null;
        (long Id, string Token) highest = default;
        try
        {
            highest = HighestId(JsonNode.Parse(File.ReadAllBytes(path))!);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException or IOException)
        {
            unreadable = $"{path} is no readable tokenizer: {error.Message}";
        }

        if (unreadable is not null)
        {
            yield return unreadable;
        }
        else if (Problem(directory, highest.Id + 1, highest.Token, config) is { } problem)
        {
            yield return problem;
        }
    }

    /// <summary>What is wrong where the vocabulary is larger than the embedding; otherwise null.</summary>
    public static string? Problem(string directory, long vocabularySize, string? token, DecoderConfig config) =>
        vocabularySize <= config.VocabSize
            ? null
            : $"{directory}: the tokenizer has ids up to {vocabularySize - 1}{(token is null ? "" : $" (\"{token}\")")}, but the "
              + $"embedding has only {config.VocabSize} rows. Take the tokenizer that belongs to the model, or enlarge the embedding "
              + $"(model.resize_token_embeddings({vocabularySize})).";

    private static (long Id, string Token) HighestId(JsonNode tokenizer)
    {
        (long Id, string Token) highest = (-1, "");
        void See(long id, string token)
        {
            if (id > highest.Id)
            {
                highest = (id, token);
            }
        }

        if (tokenizer["model"]?["vocab"] is JsonObject vocabulary)
        {
            foreach (var (token, id) in vocabulary)
            {
                See(id!.GetValue<long>(), token);
            }
        }

        foreach (var added in tokenizer["added_tokens"] as JsonArray ?? [])
        {
            See(added!["id"]!.GetValue<long>(), added["content"]!.GetValue<string>());
        }

        return highest;
    }
}
