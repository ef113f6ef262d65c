using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Web.Persistence.Entities;
using RunStatus = Workbench.Learning.Training.Checkpoints.RunStatus;

namespace Workbench.Web.Services;

/// <summary>A checked configuration with everything in it that a worker needs.</summary>
/// <param name="Name">What the run is called.</param>
/// <param name="Config">Complete; every id replaced by a path.</param>
public sealed record RunPlan(string Name, RunConfig Config);

/// <summary>Turns what the user asked for into what a worker, which knows no database, can train.</summary>
public sealed class RunPlanner(ModelService models, DatasetService datasets)
{
    /// <exception cref="UserInputException">The configuration cannot be used.</exception>
    public async Task<RunPlan> PlanAsync(string config, string? name, string runFolder, CancellationToken cancellationToken = default)
    {
        var parsed = Parse(config);
        var model = await ModelPathAsync(parsed.ModelNameOrPath, cancellationToken);
        if (model.BasePath is not null && !parsed.UsePeft)
        {
            throw new UserInputException(
                $"{model.Name} is an adapter.", "Set use_peft to go on training it, or merge it into a model first.", "model_name_or_path");
        }

        var dataset = await DatasetPathAsync(parsed.Dataset, "dataset", cancellationToken);
        var evaluation = parsed.EvalDataset is { } value ? await DatasetPathAsync(value, "eval_dataset", cancellationToken) : default;
        name = string.IsNullOrWhiteSpace(name) ? parsed.RunName ?? $"{model.Name} on {dataset.Name}" : name.Trim();
        return new RunPlan(name, parsed with
        {
            ModelNameOrPath = model.BasePath ?? model.Path,
            AdapterNameOrPath = model.BasePath is null ? parsed.AdapterNameOrPath is { } adapter ? await AdapterPathAsync(adapter, cancellationToken) : null : model.Path,
            Dataset = dataset.Path,
            EvalDataset = evaluation.Path,
            ChatTemplatePath = parsed.ChatTemplatePath is { } template ? Existing(template, "chat_template_path", "template file") : null,
            OutputDir = runFolder,
            RunName = name,
        });
    }

    /// <summary>The model that a configuration names by its id; null where it is a path, or unknown.</summary>
    public async Task<ModelEntry?> FindModelAsync(string value, CancellationToken cancellationToken = default) =>
        (await models.ListAsync(cancellationToken)).FirstOrDefault(model => model.Id == value);

    /// <summary>Reads a configuration; every problem found is in the one exception.</summary>
    /// <exception cref="UserInputException">An unknown key, a wrong type, or a value that cannot be used.</exception>
    public static RunConfig Parse(string config)
    {
        try
        {
            var parsed = RunConfig.Parse(config);
            var problems = parsed.Validate();
            return problems.Count == 0 ? parsed : throw new RunConfigException(problems);
        }
        catch (RunConfigException exception)
        {
            throw new UserInputException(
                exception.Message,
                "Correct the configuration; the names and defaults are those of transformers and TRL.",
                exception.Problems is [{ Key.Length: > 0 } only, ..] ? only.Key : null,
                exception);
        }
    }

    /// <summary>Checks that what the configuration names is there, before anything is written.</summary>
    /// <exception cref="UserInputException">A file or folder is missing.</exception>
    public static void CheckPaths(RunConfig config)
    {
        if (!Directory.Exists(config.ModelNameOrPath))
        {
            throw NoModel(config.ModelNameOrPath);
        }

        if (config.AdapterNameOrPath is { } adapter && !Directory.Exists(adapter))
        {
            throw NoAdapter(adapter);
        }

        foreach (var (key, path) in (IEnumerable<(string, string?)>)[("dataset", config.Dataset), ("eval_dataset", config.EvalDataset)])
        {
            if (path is not null && !File.Exists(path))
            {
                throw NoDataset(path, key);
            }
        }

        if (config.ChatTemplatePath is { } template)
        {
            Existing(template, "chat_template_path", "template file");
        }
    }

    /// <summary>Creates the run folder with its configuration.</summary>
    public static void WriteFolder(RunPlan plan)
    {
        var folder = RunFolder.Open(plan.Config.OutputDir);
        folder.WriteConfig(plan.Config);
        folder.WriteStatus(new RunStatus(RunStates.Queued, 0, 0));
    }

    private static string Existing(string path, string key, string kind) => File.Exists(path)
        ? Path.GetFullPath(path)
        : throw new UserInputException($"There is no {kind} \"{path}\".", "Give the full path of an existing file.", key);

    private async Task<string> AdapterPathAsync(string value, CancellationToken cancellationToken) =>
        (await models.ListAsync(cancellationToken)).FirstOrDefault(model => model.Id == value)?.Path
        ?? (Directory.Exists(value) ? Path.GetFullPath(value) : throw NoAdapter(value));

    private async Task<(string Name, string Path, string? BasePath)> ModelPathAsync(string value, CancellationToken cancellationToken)
    {
        var known = (await models.ListAsync(cancellationToken)).FirstOrDefault(model => model.Id == value);
        if (known is not null)
        {
            return (known.Name, known.Path, known.BasePath);
        }

        return Directory.Exists(value)
            ? (Path.GetFileName(Path.TrimEndingDirectorySeparator(value)), Path.GetFullPath(value), null)
            : throw NoModel(value);
    }

    private async Task<(string Name, string Path)> DatasetPathAsync(string value, string key, CancellationToken cancellationToken)
    {
        var (id, version) = DatasetReference.Parse(value);
        var known = (await datasets.ListAsync(cancellationToken)).FirstOrDefault(dataset => dataset.Id == id);
        if (known is not null)
        {
            return (version is null ? known.Name : $"{known.Name} v{version}", await datasets.RowsPathAsync(known.Id, version, cancellationToken));
        }

        return File.Exists(value)
            ? (Path.GetFileNameWithoutExtension(value), Path.GetFullPath(value))
            : throw NoDataset(value, key);
    }

    private static UserInputException NoModel(string value) =>
        new($"There is no model \"{value}\".", "Add the model's folder first, or give its full path.", "model_name_or_path");

    private static UserInputException NoAdapter(string value) =>
        new($"There is no adapter \"{value}\".", "Give the full path of an adapter's folder.", "adapter_name_or_path");

    private static UserInputException NoDataset(string value, string key) =>
        new($"There is no dataset \"{value}\".", "Import the file first, or give its full path.", key);
}
