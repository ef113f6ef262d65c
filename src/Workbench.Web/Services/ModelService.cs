using Microsoft.EntityFrameworkCore;
using Workbench.Learning.Models.Hub;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>Model folders that the workbench knows.</summary>
public sealed class ModelService(IDbContextFactory<WorkbenchDbContext> database, TimeProvider clock)
{
    /// <summary>All models, newest first.</summary>
    public async Task<IReadOnlyList<ModelEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Models.AsNoTracking().OrderByDescending(model => model.AddedAt).ThenBy(model => model.Id).ToListAsync(cancellationToken);
    }

    /// <exception cref="UserInputException">There is no such model.</exception>
    public async Task<ModelEntry> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Models.AsNoTracking().SingleOrDefaultAsync(model => model.Id == id, cancellationToken)
            ?? throw UserInputException.Missing("model", id);
    }

    /// <summary>Adds a folder in Hugging Face's layout; the folder stays where it is. Adding it again refreshes what is known of it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="name">What to call it; by default the folder's name.</param>
    /// <param name="cancellationToken">Cancels before anything is stored.</param>
    /// <exception cref="UserInputException">The folder is missing or holds no usable model.</exception>
    public Task<ModelEntry> AddFolderAsync(string path, string? name = null, CancellationToken cancellationToken = default) =>
        AddAsync(path, name, parentRunId: null, cancellationToken);

    /// <summary>Takes the model off the list; its folder stays.</summary>
    /// <exception cref="UserInputException">There is no such model.</exception>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        if (await context.Models.Where(model => model.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            throw UserInputException.Missing("model", id);
        }
    }

    internal async Task<ModelEntry> AddAsync(string path, string? name, string? parentRunId, CancellationToken cancellationToken)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path.Trim()));
        if (!Directory.Exists(folder))
        {
            throw new UserInputException($"There is no folder {folder}.", "Give the full path of a model folder on this machine.", "path");
        }

        var found = await Task.Run(() => ModelInspector.Inspect(folder), cancellationToken);
        if (found.Problems.Count > 0)
        {
            throw new UserInputException(
                string.Join(Environment.NewLine, found.Problems), "Repair the folder (config.json, tokenizer.json, *.safetensors), then add it again.", folder);
        }

        await using var context = await database.CreateDbContextAsync(cancellationToken);
        var model = await context.Models.SingleOrDefaultAsync(entry => entry.Path == folder, cancellationToken);
        if (model is null)
        {
            model = new ModelEntry
            {
                Id = ShortId.New(),
                Name = Path.GetFileName(folder),
                Path = folder,
                Architecture = "",
                DType = "",
                ParentRunId = parentRunId,
                AddedAt = clock.GetUtcNow(),
            };
            context.Models.Add(model);
        }

        model.Name = string.IsNullOrWhiteSpace(name) ? model.Name : name.Trim();
        Describe(model, found);
        await context.SaveChangesAsync(cancellationToken);
        return model;
    }

    private static void Describe(ModelEntry model, ModelDescription found)
    {
        model.Architecture = found.Architecture ?? "";
        model.Parameters = found.ParameterCount ?? 0;
        model.VocabularySize = found.VocabSize ?? 0;
        model.HiddenSize = found.HiddenSize ?? 0;
        model.Layers = found.Layers ?? 0;
        model.ContextLength = found.ContextLength ?? 0;
        model.DType = found.Dtype ?? "";
        model.HasChatTemplate = found.HasChatTemplate;
    }
}
