using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Workbench.Data.Filters;

/// <summary>How a value is compared.</summary>
public enum ColumnTest
{
    /// <summary>Is the same: as a number where both are numbers, else letter by letter.</summary>
    Equal,

    /// <summary>Is there and is something else.</summary>
    NotEqual,

    /// <summary>Holds the text, in whatever case; objects and lists are their JSON.</summary>
    Contains,

    /// <summary>Is a lesser number.</summary>
    Less,

    /// <summary>Is a greater number.</summary>
    Greater,

    /// <summary>Is not there, or null.</summary>
    Missing,

    /// <summary>Is there, and not null.</summary>
    Present,
}

/// <summary>
/// A condition on one column of rows, read off their bytes: <c>score &gt; 0.5</c>, <c>meta.source = wiki</c>, <c>messages.role = system</c>. Names lead into
/// objects; in a list a number chooses an element, and any other name is looked for in all of them.
/// </summary>
public sealed class ColumnFilter
{
    private static readonly (string Sign, ColumnTest Test)[] Signs =
        [("!=", ColumnTest.NotEqual), ("=", ColumnTest.Equal), (">", ColumnTest.Greater), ("<", ColumnTest.Less), ("~", ColumnTest.Contains)];

    private readonly string[] names;
    private readonly string value;
    private readonly double? number;

    private ColumnFilter(string path, ColumnTest test, string value)
    {
        (Path, Test, this.value) = (path, test, value);
        names = path.Split('.');
        number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
    }

    /// <summary>Names separated by dots.</summary>
    public string Path { get; }

    /// <summary>How values are compared.</summary>
    public ColumnTest Test { get; }

    /// <summary>Makes a condition.</summary>
    /// <param name="path">Names separated by dots.</param>
    /// <param name="test">How to compare.</param>
    /// <param name="value">With what; ignored by <see cref="ColumnTest.Missing"/> and <see cref="ColumnTest.Present"/>.</param>
    /// <exception cref="OperatorException">There is no column, or no number to compare with.</exception>
    public static ColumnFilter Create(string path, ColumnTest test, string value)
    {
        var filter = new ColumnFilter(path.Trim(), test, value.Trim());
        if (filter.names.Any(string.IsNullOrWhiteSpace))
        {
            throw new OperatorException("Name the column, with dots for what lies within it, e.g. meta.source.");
        }

        return test is ColumnTest.Less or ColumnTest.Greater && filter.number is null
            ? throw new OperatorException($"\"{value}\" is no number, which less and greater compare with.") : filter;
    }

    /// <summary>Reads what <see cref="ToString"/> writes: <c>score&gt;0.5</c>, <c>source=wiki</c>, <c>!id</c> for missing, <c>id</c> for present.</summary>
    /// <exception cref="OperatorException">It is no condition.</exception>
    public static ColumnFilter Parse(string text)
    {
        if (text.StartsWith('!') && text.Length > 1 && text[1] != '=')
        {
            return Create(text[1..], ColumnTest.Missing, "");
        }

        var at = text.IndexOfAny(['!', '=', '<', '>', '~']);
        if (at < 0)
        {
            return Create(text, ColumnTest.Present, "");
        }

        var (sign, test) = Signs.FirstOrDefault(one => text.AsSpan(at).StartsWith(one.Sign, StringComparison.Ordinal));
        return sign is null ? throw new OperatorException($"\"{text}\" is no condition such as score>0.5.") : Create(text[..at], test, text[(at + sign.Length)..]);
    }

    /// <inheritdoc/>
    public override string ToString() => Test switch
    {
        ColumnTest.Missing => "!" + Path,
        ColumnTest.Present => Path,
        _ => Path + Signs.First(one => one.Test == Test).Sign + value,
    };

    /// <summary>Whether a row fulfils it.</summary>
    /// <param name="row">The row as UTF-8 JSON.</param>
    public bool Holds(ReadOnlySpan<byte> row)
    {
        var reader = new Utf8JsonReader(row, new JsonReaderOptions { MaxDepth = 256 });
        var found = reader.Read() && Within(ref reader, row, 0);
        return Test == ColumnTest.Missing ? !found : found;
    }

    /// <summary>Whether the value that the reader stands on, or one within it, fulfils the condition; leaves the reader at its end.</summary>
    private bool Within(ref Utf8JsonReader reader, ReadOnlySpan<byte> row, int depth)
    {
        if (depth == names.Length)
        {
            return IsMeant(ref reader, row);
        }

        var found = false;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var named = reader.ValueTextEquals(names[depth]);
                reader.Read();
                if (named && !found)
                {
                    found = Within(ref reader, row, depth + 1);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            var chosen = int.TryParse(names[depth], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : (int?)null;
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                if (found || (chosen is { } one && one != i))
                {
                    reader.Skip();
                }
                else
                {
                    found = Within(ref reader, row, chosen is null ? depth : depth + 1);
                }
            }
        }

        return found;
    }

    private bool IsMeant(ref Utf8JsonReader reader, ReadOnlySpan<byte> row)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return Test is ColumnTest.Missing or ColumnTest.Present or ColumnTest.NotEqual
                || (Test == ColumnTest.Contains && Encoding.UTF8.GetString(row[start..(int)reader.BytesConsumed]).Contains(value, StringComparison.OrdinalIgnoreCase));
        }

        return reader.TokenType != JsonTokenType.Null && Test switch
        {
            ColumnTest.Missing or ColumnTest.Present => true,
            ColumnTest.Less => NumberOf(ref reader) < number,
            ColumnTest.Greater => NumberOf(ref reader) > number,
            ColumnTest.Contains => TextOf(ref reader).Contains(value, StringComparison.OrdinalIgnoreCase),
            _ => Same(ref reader) == (Test == ColumnTest.Equal),
        };
    }

    private bool Same(ref Utf8JsonReader reader) =>
        number is { } asked && NumberOf(ref reader) is { } held ? held == asked
        : reader.TokenType == JsonTokenType.String ? reader.ValueTextEquals(value)
        : TextOf(ref reader) == value;

    private static double? NumberOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var held) ? held
        : reader.TokenType == JsonTokenType.String && double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var written) ? written
        : null;

    private static string TextOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => Encoding.UTF8.GetString(reader.ValueSpan),
    };
}
