using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Language.Tokenizers.Loading.Legacy;

/// <summary>
/// Tokenizers from before <c>tokenizer.json</c>, turned into one as transformers' <c>convert_slow_tokenizer.py</c> does: GPT-2's
/// <c>vocab.json</c> and <c>merges.txt</c>, BERT's <c>vocab.txt</c>, sentencepiece's <c>tokenizer.model</c>, and tiktoken's ranks.
/// </summary>
internal static class LegacyTokenizer
{
    /// <summary>Twenty times the largest such file in use.</summary>
    private const long MaxBytes = 128L << 20;

    /// <summary>What a folder without tokenizer.json may hold instead, in the order in which it is looked for.</summary>
    private static readonly (string File, Func<string, TokenizerSettings, JsonObject> Convert)[] Kinds =
    [
        ("tokenizer.model", (file, settings) => TiktokenFile.Looks(file) ? TiktokenFile.Convert(file, settings) : SentencePieceFile.Convert(file, settings)),
        ("spiece.model", SentencePieceFile.Convert),
        ("sentencepiece.bpe.model", SentencePieceFile.Convert),
        ("vocab.json", VocabularyAndMerges.Convert),
        ("vocab.txt", WordPieceFile.Convert),
    ];

    /// <summary>The tokenizer.json that stands for the folder's (or the single file's) tokenizer; null where there is none.</summary>
    /// <exception cref="TokenizerException">The file is too large, or broken.</exception>
    public static JsonObject? Find(string path)
    {
        if (Directory.Exists(path))
        {
            foreach (var (name, convert) in Kinds)
            {
                if (Path.Combine(path, name) is var file && File.Exists(file))
                {
                    return Convert(file, convert);
                }
            }

            return Directory.EnumerateFiles(path, "*.tiktoken").Order(StringComparer.Ordinal).FirstOrDefault() is { } ranks
                ? Convert(ranks, TiktokenFile.Convert)
                : null;
        }

        return !File.Exists(path) ? null : Path.GetExtension(path) switch
        {
            ".tiktoken" => Convert(path, TiktokenFile.Convert),
            ".model" => Convert(path, Kinds[0].Convert),
            _ => null,
        };
    }

    private static JsonObject Convert(string file, Func<string, TokenizerSettings, JsonObject> convert)
    {
        if (new FileInfo(file).Length > MaxBytes)
        {
            throw new TokenizerException($"{file} has more than {MaxBytes >> 20} MB: no tokenizer is that large. Copy the file again.");
        }

        try
        {
            var settings = TokenizerSettings.Read(Path.GetDirectoryName(Path.GetFullPath(file))!);
            return settings.AddTokens(convert(file, settings));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{file} cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new TokenizerException($"{file}, or a file beside it, is broken: {e.Message} Copy the folder again.", e);
        }
    }
}
