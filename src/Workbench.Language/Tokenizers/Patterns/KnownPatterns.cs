namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>The patterns that nearly every byte-level tokenizer uses.</summary>
internal static class KnownPatterns
{
    /// <summary>GPT-2's, which the ByteLevel pre-tokenizer implies.</summary>
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>A scanner written for that very pattern, or null.</summary>
    public static TextPattern? Find(string pattern) => null;
}
