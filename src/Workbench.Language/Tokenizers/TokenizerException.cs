namespace Workbench.Language.Tokenizers;

/// <summary>
/// A tokenizer that cannot be read or used. The message names the place (file and JSON path) and the remedy, and is
/// fit to be shown to a user as it is.
/// </summary>
public sealed class TokenizerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Where in tokenizer.json the trouble lies, such as <c>model.merges[17]</c>; null where no place applies.</summary>
    public string? JsonPath { get; init; }

    internal static TokenizerException At(string path, string problem) =>
        new($"tokenizer.json, {path}: {problem}") { JsonPath = path };
}
