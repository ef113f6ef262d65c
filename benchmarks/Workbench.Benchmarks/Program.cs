using Workbench.Benchmarks.Fuzz;
using Workbench.Benchmarks.Render;

// ./workbench bench [NAME]: the comparisons with peers. Each prints a table and writes JSON under benchmarks/results/.
return args switch
{
    [] or ["render", ..] => RenderBenchmark.Run(),
    ["fuzz", .. var rest] => FuzzCommand.Run(rest),
    _ => Usage(args[0]),
};

static int Usage(string name)
{
    Console.Error.WriteLine($"There is no benchmark named {name}. There are: render, fuzz.");
    return 2;
}
