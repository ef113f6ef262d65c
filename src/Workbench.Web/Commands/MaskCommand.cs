using System.CommandLine;
using Workbench.Language.Tokenizers;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench mask</c>: conversations to ids and labels, as training sees them.</summary>
internal static class MaskCommand
{
    public static Command Create(VerbIo io)
    {
        var model = ModelOptions.Model();
        var template = new Option<string?>("--template") { Description = "A template file in place of the model's own.", HelpName = "F" };
        var train = new Option<string>("--train")
        {
            Description = "What is trained: assistant, last-turn, all or generation-tags (transformers' assistant mask).",
            DefaultValueFactory = _ => "assistant",
        };
        var noReasoning = new Option<bool>("--no-reasoning") { Description = "Do not train on what the assistant thinks." };
        var noToolCalls = new Option<bool>("--no-tool-calls") { Description = "Do not train on tool calls." };
        var split = new Option<bool>("--split-special-tokens")
        {
            Description = "Special tokens that messages, tools or documents spell out stay text; transformers would recognise them.",
        };
        var details = new Option<bool>("--details")
        {
            Description = "Add each token's reason, the mask by origin beside the generation tags', and the places of the findings.",
        };
        var command = new Command(
            "mask",
            "Conversations to labels. In: {\"messages\",\"tools\",\"kwargs\"} or {\"prompt\",\"completion\"} a line; "
            + "out: {\"input_ids\",\"labels\" (-100: not trained),\"assistant_masks\",\"rendered\",\"warnings\"}.")
        {
            model, template, train, noReasoning, noToolCalls, split, details,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var masking = new Masking(
                PretrainedTokenizer.Load(arguments.GetRequiredValue(model)),
                arguments.GetValue(template) is { } file ? TemplateFile.Read(file) : null,
                new MaskChoice(
                    arguments.GetRequiredValue(train), !arguments.GetValue(noReasoning), !arguments.GetValue(noToolCalls), arguments.GetValue(split)).ToOptions(),
                arguments.GetValue(details));
            using var lines = new LineLoop(io);
            return await lines.RunAsync(
                (input, json) =>
                {
                    masking.Write(input, json, cancellationToken);
                    return true;
                },
                cancellationToken);
        });
        return command;
    }
}
