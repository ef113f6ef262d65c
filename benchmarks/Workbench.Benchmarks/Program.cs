using Workbench.Benchmarks.Data;
using Workbench.Benchmarks.Differential;
using Workbench.Benchmarks.Differential.Tokenizers;
using Workbench.Benchmarks.Fuzz;
using Workbench.Benchmarks.Generate;
using Workbench.Benchmarks.Kills;
using Workbench.Benchmarks.Pages;
using Workbench.Benchmarks.Render;
using Workbench.Benchmarks.Tokenize;
using Workbench.Benchmarks.Train;

// ./workbench bench [NAME]: comparisons with peers, each of which prints what it found; figures go to benchmarks/results/.
return args switch
{
    [] => RenderBenchmark.Run() | TokenizeBenchmark.Run(),
    ["render", ..] => RenderBenchmark.Run(),
    ["tokenize", ..] => TokenizeBenchmark.Run(),
    ["fuzz", .. var rest] => FuzzCommand.Run(rest),
    ["differential", .. var rest] => DifferentialCommand.Run(rest),
    ["tokenize-differential", .. var rest] => TokenizeDifferentialCommand.Run(rest),
    ["kills", .. var rest] => KillsBenchmark.Run(rest),
    ["data", .. var rest] => DataBenchmark.Run(rest),
    ["train", .. var rest] => TrainBenchmark.Run(rest),
    ["generate", .. var rest] => GenerateBenchmark.Run(rest),
    ["pages"] => await PagesBenchmark.RunAsync(),
    _ => Usage(args[0]),
};

static int Usage(string name)
{
    Console.Error.WriteLine(
        $"There is no benchmark named {name}. There are: render, tokenize, fuzz, differential, tokenize-differential, kills, data, train, generate, pages.");
    return 2;
}
