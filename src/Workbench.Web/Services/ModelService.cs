using System.Text.Json;
using Microsoft.EntityFrameworkCore;
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
        var config = Path.Combine(folder, "config.json");
        if (!File.Exists(config))
        {
            throw new UserInputException($"{folder} holds no config.json.", "Give the folder of a model in Hugging Face's layout.", folder);
        }

        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(config, cancellationToken));
        var root = document.RootElement;
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        var model = await context.Models.SingleOrDefaultAsync(entry => entry.Path == folder, cancellationToken);
        if (model is null)
        {
            model = new ModelEntry
            {
                Id = ShortId.New(),
                Name = name ?? Path.GetFileName(folder),
                Path = folder,
                Architecture = root.GetProperty("architectures")[0].GetString()!,
                DType = "float32",
                ParentRunId = parentRunId,
                AddedAt = clock.GetUtcNow(),
            };
            context.Models.Add(model);
        }

        model.VocabularySize = root.GetProperty("vocab_size").GetInt32();
        model.HiddenSize = root.GetProperty("hidden_size").GetInt32();
        model.Layers = root.GetProperty("num_hidden_layers").GetInt32();
        model.ContextLength = root.GetProperty("max_position_embeddings").GetInt32();
        await context.SaveChangesAsync(cancellationToken);
        return model;
    }
}
