using System.CommandLine;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Web.Services;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data import</c>: a messy file to canonical rows of one shape.</summary>
internal static class ImportOperation
{
    public static Command Create(VerbIo io)
    {
        var options = new DataOptions();
        return options.Command(
            "import",
            "Recognise the shape of a file and write its rows under TRL's column names. All rows must be of the shape of the first good one. "
            + "A row that is not understood gives {\"error\":{\"type\",\"message\",\"lineno\"}}.",
            (arguments, cancellationToken) =>
            {
                var run = new DataRun(io, options, arguments, cancellationToken);
                string? source = null;
                RowShape? shape = null;
                IEnumerable<Row> OfOneShape(IEnumerable<RowItem> rows)
                {
                    foreach (var item in rows)
                    {
                        source ??= item.Row.Source;
                        if ((shape ??= item.Row.Shape) == item.Row.Shape)
                        {
                            yield return item.Row;
                        }
                        else
                        {
                            run.Reject(item.Number, $"the row is of shape {item.Row.Shape}, but the rows before it are {shape}; import the shapes as two datasets");
                        }
                    }

                    if (shape is null)
                    {
                        throw new UserInputException(
                            run.Bad == 0 ? "The input holds no rows." : $"None of the {run.Bad:N0} rows is usable.", "See the reasons above; --mapping says which columns are what.");
                    }
                }

                return run.Finish(OfOneShape(run.Rows()), _ => new() { ["source_shape"] = source, ["shape"] = shape?.ToString() });
            });
    }
}
