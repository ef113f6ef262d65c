using Microsoft.EntityFrameworkCore;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Lora;
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

    /// <summary>Adds a folder in Hugging Face's layout, or an adapter's in PEFT's; the folder stays where it is. Adding it again refreshes what is known of it.</summary>
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

        var adapter = AdapterFolder.Is(folder) ? AdapterInspector.Inspect(folder) : null;
        var basePath = adapter is null ? null : await BaseOfAsync(folder, adapter, cancellationToken);
        var found = await Task.Run(() => ModelInspector.Inspect(basePath ?? folder), cancellationToken);
        if (found.Problems.Count > 0)
        {
            throw new UserInputException(
                string.Join(Environment.NewLine, found.Problems), "Repair the folder (config.json, tokenizer.json, *.safetensors), then add it again.", basePath ?? folder);
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
        if (adapter is not null)
        {
            (model.BasePath, model.LoraR, model.LoraAlpha, model.LoraTargets) = (basePath, adapter.R, adapter.LoraAlpha, adapter.TargetModules);
            (model.Parameters, model.DType) = (adapter.ParameterCount ?? 0, adapter.Dtype ?? "");
            model.HasChatTemplate |= ModelInspector.HasChatTemplate(folder);
        }

        await context.SaveChangesAsync(cancellationToken);
        return model;
    }

    /// <summary>The folder of an adapter's base model: where the adapter says, or a known model of the name that it has on the hub.</summary>
    private async Task<string> BaseOfAsync(string folder, AdapterDescription adapter, CancellationToken cancellationToken)
    {
        if (adapter.Problems.Count > 0)
        {
            throw new UserInputException(
                string.Join(Environment.NewLine, adapter.Problems), "Repair the adapter (adapter_config.json, adapter_model.safetensors), then add it again.", folder);
        }

        if (Directory.Exists(adapter.BaseModel))
        {
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(adapter.BaseModel));
        }

        var name = adapter.BaseModel?.Split('/')[^1];
        var known = (await ListAsync(cancellationToken)).FirstOrDefault(model =>
            model.BasePath is null && name is not null && (model.Name == name || Path.GetFileName(model.Path) == name));
        return known?.Path ?? throw new UserInputException(
            $"The adapter is for the model {adapter.BaseModel ?? "that it does not name"}, which is not here.",
            "Add the folder of that model first, under the same name; then add the adapter again.", folder);
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
