using Workbench.Benchmarks.Render;
using Workbench.Benchmarks.Tokenize;

// ./workbench bench [NAME]: the comparisons with peers. Each prints a table and writes JSON under benchmarks/results/.
return args switch
{
    [] => RenderBenchmark.Run() | TokenizeBenchmark.Run(),
    ["render", ..] => RenderBenchmark.Run(),
    ["tokenize", ..] => TokenizeBenchmark.Run(),
    _ => Usage(args[0]),
};

static int Usage(string name)
{
    Console.Error.WriteLine($"There is no benchmark named {name}. There are: render, tokenize.");
    return 2;
}
