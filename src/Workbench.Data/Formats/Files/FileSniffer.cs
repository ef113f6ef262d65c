using System.Text.RegularExpressions;

namespace Workbench.Data.Formats.Files;

/// <summary>Tells what a file is from its first bytes; its name decides only between JSON lines and CSV where the bytes do not.</summary>
internal static partial class FileSniffer
{
    /// <summary>How many bytes are looked at.</summary>
    public const int HeadBytes = 64 * 1024;

    public static bool IsGzip(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);

    public static bool IsZstandard(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]);

    public static bool IsParquet(ReadOnlySpan<byte> head) => head.StartsWith("PAR1"u8);

    /// <param name="head">First bytes of the unpacked file.</param>
    /// <param name="name">Name of the file, with or without <c>.gz</c> or <c>.zst</c>.</param>
    /// <exception cref="DataFileException">The file is none of the kinds that can be read.</exception>
    public static DataFileKind Kind(ReadOnlySpan<byte> head, string name)
    {
        if (IsParquet(head))
        {
            return DataFileKind.Parquet;
        }

        Refuse(head);
        var text = System.Text.Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith('['))
        {
            return DataFileKind.JsonList;
        }

        if (text.StartsWith('{'))
        {
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            return WrappedList().IsMatch(text) ? DataFileKind.JsonWrappedList
                : end >= 0 && text[..end].TrimEnd() is [.., '{' or '[' or ','] ? DataFileKind.JsonValues
                : DataFileKind.JsonLines;
        }

        return JsonName().IsMatch(name) ? DataFileKind.JsonLines : DataFileKind.Csv;
    }

    private static void Refuse(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw new DataFileException("The file is UTF-16. Save it as UTF-8 and import it again.");
        }

        if (head.StartsWith("PK\x3\x4"u8))
        {
            throw new DataFileException("The file is a zip archive (xlsx files are such, too). Unpack it, or save the sheet as CSV, and import what is in it.");
        }

        if (head.Contains((byte)0))
        {
            throw new DataFileException("The file is binary and none of the kinds that can be read. Give JSON, JSON lines, CSV or Parquet; gz and zst of them.");
        }
    }

    /// <summary>Keys under which rows are wrapped in the wild.</summary>
    [GeneratedRegex("""^\{\s*"(data|rows|train|examples|instances|items|records)"\s*:\s*\[""")]
    private static partial Regex WrappedList();

    [GeneratedRegex(@"\.(json|jsonl|ndjson)(\.gz|\.zst)?$", RegexOptions.IgnoreCase)]
    private static partial Regex JsonName();
}
