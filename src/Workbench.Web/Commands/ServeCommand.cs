using System.CommandLine;
using System.Text;
using Workbench.Web.Hosting;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench serve</c>: the application.</summary>
internal static class ServeCommand
{
    public static Command Create(VerbIo io)
    {
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on, separated by semicolons (appsettings.json: Urls)." };
        var data = new Option<string?>("--data") { Description = "The data folder (WORKBENCH_DATA, or the platform's application data)." };
        var command = new Command("serve", "Serve the workbench to a browser.") { urls, data };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(urls), arguments.GetValue(data), io, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? urls, string? data, VerbIo io, CancellationToken cancellationToken)
    {
        await using var app = WorkbenchHost.Build(data ?? DataFolder.DefaultRoot(), urls);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new UserInputException($"The workbench cannot listen: {exception.Message}", "End the program that uses the address, or choose another with --urls.", null, exception);
        }

        var token = app.Services.GetRequiredService<AccessPolicy>().Token;
        foreach (var address in app.Urls)
        {
            await io.Output.WriteAsync(Encoding.UTF8.GetBytes($"Workbench: {address}{(token is null ? "" : $"/?token={token}")}\n"), cancellationToken);
        }

        await io.Output.FlushAsync(cancellationToken);

        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCodes.Done;
    }
}
