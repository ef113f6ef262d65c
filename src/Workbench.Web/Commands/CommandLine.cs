using System.CommandLine;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary>The verbs. Each is built only when it is called: a verb that renders templates must not wait for a web host.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Workbench: post-training of language models.")
        {
            ServeCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"workbench: {error.Message}");
            }

            await Console.Error.WriteLineAsync("Try: workbench --help");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (UserInputException exception)
        {
            await Console.Error.WriteLineAsync($"workbench: {exception.Message}{(exception.Remedy is null ? "" : " " + exception.Remedy)}");
            return ExitCodes.Usage;
        }
    }
}
