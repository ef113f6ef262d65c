using System.CommandLine;
using Workbench.Data.Formats.Exports;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data convert</c>: rows of one shape to rows of another.</summary>
internal static class ConvertOperation
{
    public static Command Create(VerbIo io)
    {
        var options = new DataOptions();
        var to = Target();
        return options.Command(
            "convert",
            "Rows of one shape to another. A row that the wanted shape cannot hold gives {\"error\":…} in its place.",
            (arguments, cancellationToken) =>
            {
                var run = new DataRun(io, options, arguments, cancellationToken);
                return run.Finish(run.Changed(run.Rows(), ExportShapes.Find(arguments.GetRequiredValue(to))!.Convert));
            },
            to);
    }

    /// <summary>The option that names a shape to write.</summary>
    public static Option<string> Target()
    {
        var to = new Option<string>("--to")
        {
            Required = true,
            HelpName = "SHAPE",
            Description = string.Join("; ", ExportShapes.All.Select(shape => $"{shape.Name}: {shape.Description}")) + ".",
        };
        return to.AcceptOnlyFromAmong([.. ExportShapes.All.Select(shape => shape.Name)]);
    }
}
