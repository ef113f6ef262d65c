using System.CommandLine;
using System.Globalization;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench render</c>: conversations to text, as transformers' apply_chat_template.</summary>
internal static class RenderCommand
{
    /// <summary>The clock of an input that sets none, unless told otherwise: a rendering must not depend on the day it is made.</summary>
    private const string DefaultNow = "2025-06-15T12:34:56";

    public static Command Create(VerbIo io)
    {
        var template = new Option<string?>("--template") { Description = "A template file for lines that bring none.", HelpName = "F" };
        var sourceMap = new Option<bool>("--source-map") { Description = "Add where every character came from (UTF-16 spans)." };
        var now = new Option<string>("--now")
        {
            Description = "Clock of strftime_now for lines that set none: a time, or \"clock\" for this machine's.",
            DefaultValueFactory = _ => DefaultNow,
        };
        var command = new Command(
            "render",
            "Conversations to text. In: {\"template\" or \"template_text\",\"messages\",\"tools\",\"documents\",\"kwargs\",\"special_tokens\",\"now\"} a line; "
            + "out: {\"rendered\",\"generation_spans\",\"error\",\"warnings\"}.")
        {
            template, sourceMap, now,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var rendering = new Rendering(
                arguments.GetValue(template) is { } file ? TemplateFile.Read(file) : null,
                Clock(arguments.GetRequiredValue(now)),
                arguments.GetValue(sourceMap),
                MayReadFiles: true);
            using var lines = new LineLoop(io);
            return await lines.RunAsync((input, json) => rendering.Write(input, json, cancellationToken), cancellationToken);
        });
        return command;
    }

    private static DateTime Clock(string text)
    {
        if (text == "clock")
        {
            return DateTime.Now;
        }

        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
            ? time
            : throw new UserInputException($"--now {text} is not a time.", "Write it as 2025-06-15T12:34:56.", "--now");
    }
}
