using Workbench.Data.Filters;
using Workbench.Data.Filters.Models;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Models;
using Workbench.Learning.Training;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Services.RowModels;

/// <summary>The models that one run of a recipe asks: loaded when they are first needed, each once, freed with it.</summary>
/// <param name="resolve">The weights of a name.</param>
public sealed class RowModelSession(Func<string, ChatWeights> resolve) : IRowModels, IDisposable
{
    private readonly Dictionary<string, LoadedRowModel> loaded = new(StringComparer.Ordinal);

    /// <summary>A session in which a model's name is its folder.</summary>
    public static RowModelSession OfFolders() => new(folder => new ChatWeights(folder, folder, null));

    /// <inheritdoc/>
    public IRowModel Open(string model)
    {
        if (loaded.TryGetValue(model, out var known))
        {
            return known;
        }

        var weights = resolve(model);
        try
        {
            return loaded[model] = LoadedRowModel.Load(weights.Path, weights.BasePath, ModelFingerprint.Of(weights.Path, weights.BasePath));
        }
        catch (Exception exception) when (exception is ModelException or TrainingException)
        {
            throw new OperatorException($"The model {model} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var model in loaded.Values)
        {
            model.Dispose();
        }

        loaded.Clear();
    }
}
