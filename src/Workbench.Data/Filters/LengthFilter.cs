using System.Globalization;
using System.Text.Json.Serialization;
using Workbench.Data.Formats;
using Workbench.Language.Tokenizers;

namespace Workbench.Data.Filters;

/// <summary>Keeps rows whose texts are neither too short nor too long, in characters (code points) or in a tokenizer's tokens.</summary>
public sealed record LengthFilter : IRowFilter
{
    public RowPart Part { get; init; } = RowPart.All;

    public int? MinChars { get; init; }

    public int? MaxChars { get; init; }

    public int? MinTokens { get; init; }

    public int? MaxTokens { get; init; }

    /// <summary>Path of a tokenizer.json, for bounds in tokens.</summary>
    public string? Tokenizer { get; init; }

    /// <inheritdoc/>
    public Func<Row, string?> Prepare()
    {
        var tokenizer = MinTokens is null && MaxTokens is null ? null : Load();
        return row =>
        {
            var text = RowTurn.Join(row, Part);
            var chars = text.Length - text.Count(char.IsLowSurrogate);
            return Outside(chars, MinChars, MaxChars, "characters")
                ?? (tokenizer is null ? null : Outside(tokenizer.Encode(text).Ids.Length, MinTokens, MaxTokens, "tokens"));
        };
    }

    private static string? Outside(int length, int? least, int? most, string unit) =>
        length < least ? string.Create(CultureInfo.InvariantCulture, $"{length} {unit}, fewer than {least}")
        : length > most ? string.Create(CultureInfo.InvariantCulture, $"{length} {unit}, more than {most}")
        : null;

    private Tokenizer Load()
    {
        if (Tokenizer is null)
        {
            throw new OperatorException("length: min_tokens and max_tokens need tokenizer, the path of a tokenizer.json.");
        }

        try
        {
            return Language.Tokenizers.Tokenizer.Load(Tokenizer);
        }
        catch (Exception exception) when (exception is TokenizerException or IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"length: the tokenizer {Tokenizer} cannot be read: {exception.Message}", exception);
        }
    }
}
