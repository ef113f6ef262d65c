using System.CommandLine;
using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Sampling;

namespace Workbench.Web.Commands.Data;

/// <summary><c>workbench data sample</c>: some rows, the same ones every time.</summary>
internal static class SampleOperation
{
    public static Command Create(VerbIo io)
    {
        var count = new Option<int?>("--count") { Description = "Rows to keep.", HelpName = "N" };
        var seed = new Option<long>("--seed") { Description = "Another seed chooses other rows.", HelpName = "S", DefaultValueFactory = _ => 42 };
        var by = new Option<string?>("--balance-by") { Description = "A column whose values are groups (or $language): mix them by weight before sampling.", HelpName = "COLUMN" };
        var weights = new Option<string?>("--weights") { Description = "Weight of each group, e.g. {\"math\":3,\"chat\":1}; equal without it.", HelpName = "JSON" };
        return new RecipeRun().Command(
            io,
            "sample",
            "Keep some rows, chosen by their content and the seed, in their order.",
            arguments =>
            {
                var steps = new List<IRowOperator>();
                if (arguments.GetValue(by) is { } column)
                {
                    steps.Add(new Balance { By = column, Weights = Weights(arguments.GetValue(weights)), Seed = arguments.GetValue(seed) });
                }

                if (arguments.GetValue(count) is { } rows)
                {
                    steps.Add(new RandomSample { Count = rows, Seed = arguments.GetValue(seed) });
                }

                return steps.Count > 0 ? new Recipe { Steps = steps } : throw new OperatorException("sample: give --count N, --balance-by COLUMN or both.");
            },
            count, seed, by, weights);
    }

    private static Dictionary<string, double> Weights(string? json)
    {
        try
        {
            return json is null ? [] : JsonSerializer.Deserialize<Dictionary<string, double>>(json) ?? [];
        }
        catch (JsonException exception)
        {
            throw new OperatorException($"sample: --weights must be an object of numbers such as {{\"math\":3,\"chat\":1}}: {exception.Message}", exception);
        }
    }
}
