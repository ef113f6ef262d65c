using System.CommandLine;
using Workbench.Language.Chat.Lint;
using Workbench.Language.Chat.Repair;
using Workbench.Language.Tokenizers;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench lint</c>: what is odd about a chat template, and its repair.</summary>
internal static class LintCommand
{
    public static Command Create(VerbIo io)
    {
        var template = new Option<string>("--template") { Required = true, Description = "The template file.", HelpName = "F" };
        var model = new Option<string?>("--model") { Description = "The model folder that the template is for: more can be said with its tokenizer.", HelpName = "DIR" };
        var repair = new Option<string?>("--repair")
        {
            Description = "Write the template with generation tags added to this file, which must not exist.",
            HelpName = "OUT",
        };
        var command = new Command(
            "lint",
            "Findings about a chat template, one a line: {\"rule\",\"severity\",\"line\",\"column\",\"message\",\"fix\",\"explanation\",\"subject\"}. "
            + "Exit status 1 where one is an error, or the repair is not possible.")
        {
            template, model, repair,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var text = TemplateFile.Read(arguments.GetRequiredValue(template));
            var tokenizer = arguments.GetValue(model) is { } folder ? PretrainedTokenizer.Load(folder) : null;
            using var lines = new LineLoop(io);
            var code = ExitCodes.Done;
            foreach (var finding in TemplateLinter.Lint(text, tokenizer, cancellationToken))
            {
                code = finding.Severity == LintSeverity.Error ? ExitCodes.Failed : code;
                await lines.WriteAsync(json => LintJson.Write(json, finding), cancellationToken);
            }

            return arguments.GetValue(repair) is not { } output || await RepairAsync(io, text, tokenizer, output, cancellationToken) ? code : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<bool> RepairAsync(VerbIo io, string text, PretrainedTokenizer? tokenizer, string output, CancellationToken cancellationToken)
    {
        if (File.Exists(output))
        {
            throw new UserInputException("The file for the repaired template exists already.", "Name another one, or delete it.", output);
        }

        var repaired = GenerationTagger.Repair(text, tokenizer, cancellationToken);
        if (repaired.Template is null)
        {
            await io.Error.WriteLineAsync($"workbench: not repaired: {repaired.Reason}");
            return false;
        }

        await File.WriteAllTextAsync(output, repaired.Template, cancellationToken);
        foreach (var left in repaired.NotExpressed)
        {
            await io.Error.WriteLineAsync($"workbench: {left}");
        }

        return true;
    }
}
