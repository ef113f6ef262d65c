using Workbench.Language.Tokenizers.Saving;
using Workbench.Language.Tokenizers.Training;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Training.Checkpoints;

namespace Workbench.Web.Services;

/// <summary>A model that was written anew with more special tokens.</summary>
/// <param name="Model">Full path of its folder.</param>
/// <param name="Tokens">The tokens asked for and their ids.</param>
/// <param name="VocabularySize">Ids of the tokenizer.</param>
/// <param name="RowsBefore">Rows that the embedding had.</param>
/// <param name="RowsAfter">Rows that it has.</param>
public sealed record ExtendedModel(string Model, IReadOnlyList<(string Content, int Id)> Tokens, int VocabularySize, int RowsBefore, int RowsAfter);

/// <summary>Adds special tokens to a model: its tokenizer and, where it has too few rows, its embedding.</summary>
public static class ModelExtension
{
    /// <param name="source">Folder of the model; is not changed.</param>
    /// <param name="target">Folder to create; nothing is there before it is complete.</param>
    /// <param name="tokens">What to add.</param>
    /// <exception cref="Language.Tokenizers.TokenizerException">A token cannot be one, or the tokenizer cannot be used.</exception>
    /// <exception cref="Learning.Models.ModelException">The model cannot be used.</exception>
    public static ExtendedModel Write(string source, string target, IReadOnlyList<string> tokens)
    {
        if (Directory.Exists(target))
        {
            if (Directory.EnumerateFileSystemEntries(target).Any())
            {
                throw new UserInputException("The folder for the extended model is not empty.", "Name another one.", target);
            }

            Directory.Delete(target);
        }

        var extended = TokenizerExtension.Add(source, tokens);
        using var loaded = PretrainedModel.Load(source);
        var before = loaded.Config.VocabSize;
        var after = Math.Max(before, extended.VocabularySize);
        using var resized = EmbeddingResizer.Resize(loaded, after);
        RunFolder.WriteDirectory(target, folder =>
        {
            PretrainedModel.Save(resized, folder, source, dtype: PretrainedModel.StoredType(loaded.Config));
            File.WriteAllText(Path.Combine(folder, "tokenizer.json"), extended.TokenizerJson);
            if (extended.TokenizerConfig is not null)
            {
                File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), extended.TokenizerConfig);
            }

            SavedTokenizer.Write(folder, folder);
        });
        return new ExtendedModel(target, extended.Tokens, extended.VocabularySize, before, after);
    }
}
