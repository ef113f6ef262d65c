using System.CommandLine;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data OPERATION</c>: rows in, rows out.</summary>
internal static class DataCommand
{
    public static Command Create(VerbIo io) => new(
        "data",
        "Rows of training data in, rows out. In: JSON, JSON lines, CSV, Parquet, gz and zst, in any known shape; out: JSON lines under TRL's column names.")
    {
        ImportOperation.Create(io),
        ConvertOperation.Create(io),
        FilterOperation.Create(io),
        DedupOperation.Create(io),
        SampleOperation.Create(io),
        AnswerOperations.Distil(io),
        AnswerOperations.Candidates(io),
        ScoreOperation.Create(io),
        BestOfOperation.Create(io),
        PairsOperation.Create(io),
        SplitOperation.Create(io),
        StatsOperation.Create(io),
        ExportOperation.Create(io),
    };
}
