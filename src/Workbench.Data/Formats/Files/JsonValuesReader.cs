using System.Buffers;
using System.Runtime.CompilerServices;

namespace Workbench.Data.Formats.Files;

/// <summary>
/// Cuts a JSON list, or JSON values one after another, into its elements without parsing them: memory is bounded by the longest
/// element accepted, and a broken element does not take those after it along as long as its brackets and quotes are paired.
/// </summary>
internal sealed class JsonValuesReader
{
    private const int KeptOfLongValue = 2048;
    private static readonly SearchValues<byte> Structural = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> InString = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> AfterScalar = SearchValues.Create(",]} \t\r\n"u8);
    private static readonly SearchValues<byte> Space = SearchValues.Create(" \t\r\n,"u8);

    private readonly int maxBytes;
    private readonly bool list;
    private readonly ArrayBufferWriter<byte> value = new();
    private Place place = Place.Between;
    private int depth;
    private bool escaped;
    private bool tooLong;
    private int number;
    private bool opened;

    private JsonValuesReader(bool list, int maxBytes)
    {
        this.list = list;
        this.maxBytes = maxBytes;
    }

    private enum Place
    {
        Between,
        Structure,
        Text,
        Scalar,
        Behind,
    }

    /// <summary>The elements, numbered from 1.</summary>
    /// <param name="stream">UTF-8.</param>
    /// <param name="kind">List, list within an object, or values one after another.</param>
    /// <param name="maxBytes">Longest element accepted; a longer one is reported and skipped.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    public static async IAsyncEnumerable<RawLine> ReadAsync(
        Stream stream, DataFileKind kind, int maxBytes, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = new JsonValuesReader(kind != DataFileKind.JsonValues, maxBytes);
        var buffer = new byte[64 * 1024];
        var found = new List<RawLine>();
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            reader.Scan(buffer.AsSpan(0, read), found);
            foreach (var line in found)
            {
                yield return line;
            }

            found.Clear();
            if (reader.place == Place.Behind)
            {
                yield break;
            }
        }

        if (reader.End() is { } last)
        {
            yield return last;
        }
    }

    private void Scan(ReadOnlySpan<byte> bytes, List<RawLine> found)
    {
        var at = 0;
        if (list && !opened)
        {
            var open = bytes.IndexOf((byte)'[');
            at = open < 0 ? bytes.Length : open + 1;
            opened = open >= 0;
        }

        var start = at;
        while (at < bytes.Length)
        {
            switch (place)
            {
                case Place.Between:
                    var skipped = bytes[at..].IndexOfAnyExcept(Space);
                    if (skipped < 0)
                    {
                        return;
                    }

                    at += skipped;
                    if (list && bytes[at] == ']')
                    {
                        place = Place.Behind;
                        return;
                    }

                    start = at;
                    Begin(bytes[at]);
                    at++;
                    break;
                case Place.Text:
                    at = InText(bytes, at);
                    break;
                case Place.Structure:
                    at = InStructure(bytes, at);
                    break;
                default:
                    var end = bytes[at..].IndexOfAny(AfterScalar);
                    at = end < 0 ? bytes.Length : at + end;
                    place = end < 0 ? Place.Scalar : Place.Between;
                    break;
            }

            if (place == Place.Between && at > start)
            {
                Keep(bytes[start..at]);
                found.Add(Take());
                start = at;
            }
        }

        if (place != Place.Between)
        {
            Keep(bytes[start..]);
        }
    }

    private void Begin(byte first)
    {
        number++;
        depth = first is (byte)'{' or (byte)'[' ? 1 : 0;
        place = depth == 1 ? Place.Structure : first == '"' ? Place.Text : Place.Scalar;
    }

    private int InText(ReadOnlySpan<byte> bytes, int at)
    {
        if (escaped)
        {
            escaped = false;
            return at + 1;
        }

        var next = bytes[at..].IndexOfAny(InString);
        if (next < 0)
        {
            return bytes.Length;
        }

        at += next;
        if (bytes[at] == '\\')
        {
            escaped = true;
        }
        else
        {
            place = depth == 0 ? Place.Between : Place.Structure;
        }

        return at + 1;
    }

    private int InStructure(ReadOnlySpan<byte> bytes, int at)
    {
        var next = bytes[at..].IndexOfAny(Structural);
        if (next < 0)
        {
            return bytes.Length;
        }

        at += next;
        switch (bytes[at])
        {
            case (byte)'"':
                place = Place.Text;
                break;
            case (byte)'{' or (byte)'[':
                depth++;
                break;
            default:
                if (--depth == 0)
                {
                    place = Place.Between;
                }

                break;
        }

        return at + 1;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!tooLong && value.WrittenCount + bytes.Length > maxBytes)
        {
            tooLong = true;
        }

        var room = tooLong ? Math.Max(0, KeptOfLongValue - value.WrittenCount) : bytes.Length;
        value.Write(bytes[..Math.Min(room, bytes.Length)]);
    }

    private RawLine Take(string? problem = null)
    {
        var bytes = value.WrittenSpan[..(tooLong ? Math.Min(KeptOfLongValue, value.WrittenCount) : value.WrittenCount)].ToArray();
        var line = new RawLine(number, bytes, tooLong) { Problem = problem };
        if (tooLong)
        {
            value.Clear();
        }

        value.ResetWrittenCount();
        tooLong = false;
        return line;
    }

    private RawLine? End() => place switch
    {
        Place.Scalar => Take(),
        Place.Structure or Place.Text => Take("the file ends within this row; it is cut off, or a bracket or quote before is not closed"),
        Place.Between when list => new RawLine(number + 1, default, false)
        {
            Problem = opened ? "the file ends before its list is closed; it is cut off" : "no list of rows was found in the file",
        },
        _ => null,
    };
}
