namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>The patterns that nearly every byte-level tokenizer uses.</summary>
internal static class KnownPatterns
{
    /// <summary>GPT-2's, which the ByteLevel pre-tokenizer implies.</summary>
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3's, which is that of cl100k.</summary>
    public const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen's: every digit by itself.</summary>
    public const string Qwen = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>A scanner written for that very pattern, or null.</summary>
    public static TextPattern? Find(string pattern) => pattern switch
    {
        Gpt2 => new WordScanner(classic: true, int.MaxValue),
        Llama3 => new WordScanner(classic: false, 3),
        Qwen => new WordScanner(classic: false, 1),
        _ => null,
    };
}
