using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench extend-tokenizer</c>: a model with more special tokens.</summary>
internal static class ExtendTokenizerCommand
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(VerbIo io)
    {
        var model = ModelOptions.Model();
        var output = new Option<string>("--output") { Required = true, Description = "Folder for the extended model; must not exist or be empty.", HelpName = "DIR" };
        var special = new Option<string[]>("--special-token") { Required = true, Description = "A token to add; may be given again." };
        var command = new Command(
            "extend-tokenizer", "Add special tokens to a model: its tokenizer and, where it has too few rows, its embedding. Out: {\"model\",\"tokens\",\"vocabulary_size\",\"embedding_rows\"}.")
        {
            model, output, special,
        };
        command.SetAction(arguments =>
        {
            var (source, target) = (Path.GetFullPath(arguments.GetRequiredValue(model)), Path.GetFullPath(arguments.GetRequiredValue(output)));
            var extended = ModelExtension.Write(source, target, arguments.GetRequiredValue(special));
            io.WriteLine(JsonSerializer.Serialize(new
            {
                model = target,
                tokens = extended.Tokens.ToDictionary(token => token.Content, token => token.Id),
                vocabulary_size = extended.VocabularySize,
                embedding_rows = new { before = extended.RowsBefore, after = extended.RowsAfter },
            }, Readable));
            return ExitCodes.Done;
        });
        return command;
    }
}
