using System.Text.Json;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>What a library made of a text: an encoding and its decodings without and with special tokens, or an error.</summary>
internal sealed record Answer(int[] Ids, (int Start, int End)[] Offsets, int[] Types, string Decoded, string All)
{
    public Answer(string error)
        : this([], [], [], "", "") => Error = error;

    public string? Error { get; }

    public static Answer Read(JsonElement row) => row.TryGetProperty("error", out var error)
        ? new Answer(error.GetString()!)
        : new Answer(
            Numbers(row.GetProperty("ids")),
            [.. row.GetProperty("offsets").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()))],
            Numbers(row.GetProperty("types")),
            row.GetProperty("decoded").GetString()!,
            row.GetProperty("all").GetString()!);

    /// <summary>The first thing that is not the same, or null; two errors are the same whatever they say.</summary>
    /// <param name="official">The official library's answer.</param>
    /// <param name="offsets">Whether offsets are compared.</param>
    public string? DifferenceTo(Answer official, bool offsets)
    {
        if (Error is not null || official.Error is not null)
        {
            return Error is not null && official.Error is not null ? null : $"error {Error ?? "none"}, officially {official.Error ?? "none"}";
        }

        return Difference("ids", Ids, official.Ids) ?? (offsets ? Difference("offsets", Offsets, official.Offsets) : null) ?? Difference("types", Types, official.Types)
            ?? Difference("decoded", Decoded, official.Decoded) ?? Difference("decoded with special tokens", All, official.All);
    }

    private static string? Difference<T>(string what, T[] actual, T[] official) =>
        actual.AsSpan().SequenceEqual(official) ? null : $"{what} [{string.Join(' ', actual)}], officially [{string.Join(' ', official)}]";

    private static string? Difference(string what, string actual, string official) =>
        actual == official ? null : $"{what} {TokenizerJob.Literal(actual)}, officially {TokenizerJob.Literal(official)}";

    private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];
}
