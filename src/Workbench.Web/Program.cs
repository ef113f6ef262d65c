using Workbench.Web.Commands;

return await CommandLine.RunAsync(args, VerbIo.OfProcess());
