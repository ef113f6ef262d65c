using System.Text;
using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Files;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Web.Services.Import;

/// <summary>A row of a file before it is imported.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Source">As it stands in the file.</param>
/// <param name="Row">What the import would make of it; null where it would be kept aside.</param>
/// <param name="Reason">Why it would be kept aside; null where it would not.</param>
public sealed record LookedRow(int Number, string Source, Row? Row, string? Reason);

/// <summary>What the first rows of a file are.</summary>
/// <param name="Form">The form that they were recognised as (<see cref="SourceShape.Name"/>), or <c>mapping</c>; null where none of them was understood.</param>
/// <param name="Rows">The first rows.</param>
/// <param name="Columns">Names of what stands in them, one level into objects with dots between.</param>
public sealed record ImportLook(string? Form, IReadOnlyList<LookedRow> Rows, IReadOnlyList<string> Columns)
{
    /// <summary>Rows that are looked at.</summary>
    public const int MaxRows = 50;

    private const int ListedText = 4096;

    /// <summary>Columns of the recognised form, for people; null where there is none.</summary>
    public string? FormColumns => SourceShapes.All.FirstOrDefault(shape => shape.Name == Form)?.Description;

    public int Good => Rows.Count(row => row.Row is not null);

    /// <summary>Reads the first rows of a file.</summary>
    /// <param name="source">From its start.</param>
    /// <param name="fileName">Decides between kinds where the bytes do not.</param>
    /// <param name="mapping">Which columns are what; null to recognise the form.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="UserInputException">The file as a whole cannot be read, or holds nothing.</exception>
    public static async Task<ImportLook> OfAsync(Stream source, string fileName, ColumnMapping? mapping, CancellationToken cancellationToken = default)
    {
        var rows = new List<LookedRow>();
        var columns = new List<string>();
        try
        {
            await foreach (var line in DataFile.ReadAsync(source, fileName, cancellationToken: cancellationToken))
            {
                rows.Add(Look(line, mapping, columns));
                if (rows.Count == MaxRows)
                {
                    break;
                }
            }
        }
        catch (DataFileException exception)
        {
            throw new UserInputException(exception.Message, "Choose another file, or correct this one.", fileName, exception);
        }

        return rows.Count > 0 ? new ImportLook(rows.FirstOrDefault(row => row.Row is not null)?.Row?.Source, rows, columns)
            : throw new UserInputException($"{fileName} holds no rows.", "Choose a file with a row a line.", fileName);
    }

    private static LookedRow Look(RawLine line, ColumnMapping? mapping, List<string> columns)
    {
        var text = Encoding.UTF8.GetString(line.Bytes.Span[..Math.Min(line.Bytes.Length, ListedText)]) + (line.Bytes.Length > ListedText ? "…" : "");
        try
        {
            if (line.TooLong || line.Problem is not null)
            {
                throw new RowFormatException(line.Problem ?? "the row is too long; split it");
            }

            Collect(RowParser.ParseJson(line.Bytes), columns);
            return new LookedRow(line.Number, text, RowParser.Parse(line.Bytes, mapping), null);
        }
        catch (RowFormatException exception)
        {
            return new LookedRow(line.Number, text, null, exception.Message);
        }
    }

    private static void Collect(JsonElement row, List<string> columns)
    {
        if (row.ValueKind == JsonValueKind.Object)
        {
            foreach (var column in row.EnumerateObject())
            {
                string[] names = column.Value.ValueKind == JsonValueKind.Object ? [.. column.Value.EnumerateObject().Select(inner => $"{column.Name}.{inner.Name}")] : [column.Name];
                columns.AddRange(names.Except(columns));
            }
        }
    }
}
