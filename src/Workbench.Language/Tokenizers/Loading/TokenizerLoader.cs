using System.Text;
using System.Text.Json;
using Workbench.Language.Tokenizers.AddedTokens;
using Workbench.Language.Tokenizers.Decoders;
using Workbench.Language.Tokenizers.Loading.Legacy;
using Workbench.Language.Tokenizers.Models;
using Workbench.Language.Tokenizers.Normalizers;
using Workbench.Language.Tokenizers.PostProcessors;
using Workbench.Language.Tokenizers.PreTokenizers;

namespace Workbench.Language.Tokenizers.Loading;

/// <summary>Reads tokenizer.json.</summary>
internal static class TokenizerLoader
{
    /// <summary>Eight times the largest tokenizer.json in use.</summary>
    private const long MaxBytes = 256L << 20;

    public static Tokenizer Load(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path;
        var info = new FileInfo(file);
        if (!info.Exists || Path.GetExtension(file) is ".model" or ".tiktoken")
        {
            return LegacyTokenizer.Find(path) is { } converted
                ? Parse(JsonSerializer.SerializeToUtf8Bytes(converted))
                : throw new TokenizerException(
                    $"There is no {file}, nor tokenizer.model, a .tiktoken file, vocab.json with merges.txt, or vocab.txt. Save the model's tokenizer with "
                    + "save_pretrained, or point to the folder that holds it.");
        }

        if (info.Length > MaxBytes)
        {
            throw new TokenizerException($"{file} has {info.Length >> 20} MB; a tokenizer.json of more than {MaxBytes >> 20} MB is not read.");
        }

        try
        {
            return Parse(File.ReadAllBytes(file));
        }
        catch (TokenizerException e)
        {
            throw new TokenizerException($"{file}: {e.Message}", e) { JsonPath = e.JsonPath };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{file} cannot be read: {e.Message}", e);
        }
    }

    public static Tokenizer Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    private static Tokenizer Parse(byte[] utf8)
    {
        try
        {
            ReadOnlyMemory<byte> bytes = utf8.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? utf8.AsMemory(3) : utf8;
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64 });
            return Build(new ConfigNode(document.RootElement, "").Object());
        }
        catch (JsonException e)
        {
            throw new TokenizerException($"This is no valid JSON: {e.Message} Copy the file again.", e);
        }
        catch (InvalidOperationException e) when (e.InnerException is DecoderFallbackException)
        {
            throw new TokenizerException("A text in tokenizer.json is no valid UTF-8. Copy the file again, or save it as UTF-8.", e);
        }
    }

    private static Tokenizer Build(ConfigNode root)
    {
        var model = ModelFactory.Create(root["model"]);
        var normalizer = NormalizerFactory.Create(root["normalizer"]);
        return new Tokenizer(
            new AddedVocabulary(AddedTokens(root["added_tokens"]), model.Vocabulary, normalizer),
            normalizer,
            PreTokenizerFactory.Create(root["pre_tokenizer"]),
            model,
            PostProcessorFactory.Create(root["post_processor"]),
            DecoderFactory.Create(root["decoder"]),
            Truncation.Read(root["truncation"]),
            Padding.Read(root["padding"]))
        {
            Components = TokenizerComponents.Of(root),
        };
    }

    private static List<AddedToken> AddedTokens(ConfigNode list)
    {
        var tokens = new List<AddedToken>();
        if (list.IsNull)
        {
            return tokens;
        }

        foreach (var node in list.Items())
        {
            Vocabulary.CheckSize(list, tokens.Count);
            var special = node["special"].Bool(false);
            tokens.Add(new AddedToken(
                node["id"].Int(),
                node["content"].String(),
                node["single_word"].Bool(false),
                node["lstrip"].Bool(false),
                node["rstrip"].Bool(false),
                node["normalized"].Bool(!special),
                special));
        }

        return tokens;
    }
}
