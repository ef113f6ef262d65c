using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Workbench.Language.Tokenizers.Saving;
using Workbench.Language.Tokenizers.Training;
using Workbench.Learning.Models.Hub;
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
            if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            {
                throw new UserInputException("The folder for the extended model is not empty.", "Name another one.", target);
            }

            var extended = TokenizerExtension.Add(source, arguments.GetRequiredValue(special));
            using var loaded = PretrainedModel.Load(source);
            var before = loaded.Config.VocabSize;
            var after = Math.Max(before, extended.VocabularySize);
            using var resized = EmbeddingResizer.Resize(loaded, after);
            Directory.CreateDirectory(target);
            PretrainedModel.Save(resized, target, source, dtype: PretrainedModel.StoredType(loaded.Config));
            File.WriteAllText(Path.Combine(target, "tokenizer.json"), extended.TokenizerJson);
            if (extended.TokenizerConfig is not null)
            {
                File.WriteAllText(Path.Combine(target, "tokenizer_config.json"), extended.TokenizerConfig);
            }

            SavedTokenizer.Write(target, target);

            io.WriteLine(JsonSerializer.Serialize(new
            {
                model = target,
                tokens = extended.Tokens.ToDictionary(token => token.Content, token => token.Id),
                vocabulary_size = extended.VocabularySize,
                embedding_rows = new { before, after },
            }, Readable));
            return ExitCodes.Done;
        });
        return command;
    }
}
