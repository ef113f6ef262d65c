using Workbench.Benchmarks.Render;

// ./workbench bench [NAME]: the comparisons with peers. Each prints a table and writes JSON under benchmarks/results/.
return args switch
{
    [] or ["render", ..] => RenderBenchmark.Run(),
    _ => Usage(args[0]),
};

static int Usage(string name)
{
    Console.Error.WriteLine($"There is no benchmark named {name}. There is: render.");
    return 2;
}
