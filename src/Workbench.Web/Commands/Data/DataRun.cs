using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Files;
using Workbench.Data.Formats.Shapes;
using Workbench.Data.Filters;
using Workbench.Web.Services;

namespace Workbench.Web.Commands.Data;

/// <summary>One operation at work: reads the inputs, writes the output, and reports rows that are bad where they stand.</summary>
internal sealed class DataRun(VerbIo io, DataOptions options, ParseResult arguments, CancellationToken cancellationToken)
{
    /// <summary>How summaries are written: one line, snake case, no nulls.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Rows that could not be used so far.</summary>
    public int Bad { get; private set; }

    /// <summary>Rows that were read so far.</summary>
    public int Read { get; private set; }

    /// <summary>Where rows go; null for standard output.</summary>
    public string? Output => arguments.GetValue(options.Output);

    /// <summary>The good rows of all inputs. Their numbers are line numbers, going on from file to file.</summary>
    public IEnumerable<RowItem> Rows()
    {
        var mapping = arguments.GetValue(options.Mapping) is { } file ? ColumnMapping.Parse(Files.Text(file, "mapping")) : null;
        var before = 0;
        foreach (var (stream, name) in Inputs())
        {
            using (stream)
            {
                var last = 0;
                foreach (var line in Parse(stream, name, mapping))
                {
                    last = line.Number;
                    if (line.Row is { } row)
                    {
                        Read++;
                        yield return new RowItem(before + line.Number, row);
                    }
                    else
                    {
                        Reject(line.Number, line.Bad!.Reason, name);
                    }
                }

                before += last;
            }
        }
    }

    /// <summary>Reports a row that cannot be used, in its place.</summary>
    public void Reject(int line, string reason, string file = "")
    {
        Bad++;
        var error = new JsonObject { ["type"] = "invalid_row", ["message"] = reason, ["lineno"] = line };
        if (file.Length > 0)
        {
            error["file"] = file;
        }

        io.WriteLine(new JsonObject { ["error"] = error }.ToJsonString(Json));
    }

    /// <summary>Applies <paramref name="change"/> to each row; one that it refuses is reported.</summary>
    public IEnumerable<Row> Changed(IEnumerable<RowItem> rows, Func<Row, IReadOnlyList<Row>> change)
    {
        foreach (var item in rows)
        {
            IReadOnlyList<Row> results = [];
            try
            {
                results = change(item.Row);
            }
            catch (RowFormatException exception)
            {
                Reject(item.Number, exception.Message);
            }

            foreach (var row in results)
            {
                yield return row;
            }
        }
    }

    /// <summary>Writes the rows to the output, then what there is to say about them; the verb's exit code.</summary>
    /// <param name="rows">What the operation makes.</param>
    /// <param name="summary">More for the summary, once all rows are written; told of the file where there is one.</param>
    public int Finish(IEnumerable<Row> rows, Func<WrittenRows?, JsonObject>? summary = null)
    {
        var result = new JsonObject();
        if (Output is { } path)
        {
            var written = Files.Writing(path, () => RowOutput.Write(rows.Select(row => row.Json), path, cancellationToken));
            result["output"] = path;
            result["read"] = Read;
            result["rows"] = written.Rows;
            result["bad"] = Bad;
            result["content_hash"] = written.ContentHash;
            Add(result, summary?.Invoke(written));
            io.WriteLine(result.ToJsonString(Json));
        }
        else
        {
            foreach (var row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                io.Output.Write(RowJson.Bytes(row.Json));
                io.Output.WriteByte((byte)'\n');
            }

            io.Output.Flush();
            Add(result, summary?.Invoke(null));
            if (result.Count > 0)
            {
                io.Error.WriteLine(result.ToJsonString(Json));
            }
        }

        return Bad == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Add(JsonObject result, JsonObject? more)
    {
        foreach (var (name, value) in more ?? [])
        {
            result[name] = value?.DeepClone();
        }
    }

    private IEnumerable<(Stream Stream, string Name)> Inputs()
    {
        var names = arguments.GetValue(options.Input)!;
        return names.Length == 0 ? [(io.Input, "")] : names.Select(name => ((Stream)Files.Open(name, "input"), name));
    }

    private IEnumerable<ParsedLine> Parse(Stream stream, string name, ColumnMapping? mapping)
    {
        var lines = DataFile.ReadAsync(stream, name, cancellationToken: cancellationToken);
        using var parsed = RowReading.ParseAsync(lines, mapping, JsonLinesReader.DefaultMaxLineBytes, cancellationToken)
            .ToBlockingEnumerable(cancellationToken).GetEnumerator();
        while (Next(parsed, name))
        {
            yield return parsed.Current;
        }
    }

    /// <summary>A file may go, or its disk fail, while it is read.</summary>
    private static bool Next(IEnumerator<ParsedLine> lines, string name)
    {
        try
        {
            return lines.MoveNext();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException($"Reading broke off: {exception.Message}", "See whether the file is still there, then run the operation again.", name, exception);
        }
    }
}
