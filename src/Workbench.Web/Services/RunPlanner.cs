using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Web.Services;

/// <summary>A checked configuration with everything in it that a worker needs.</summary>
/// <param name="Name">What the run is called.</param>
/// <param name="Config">Complete JSON; every id replaced by a path.</param>
public sealed record RunPlan(string Name, string Method, string Model, string Dataset, string Config);

/// <summary>Turns what the user asked for into what a worker, which knows no database, can train.</summary>
public sealed class RunPlanner(ModelService models, DatasetService datasets)
{
    /// <exception cref="UserInputException">The configuration cannot be used.</exception>
    public async Task<RunPlan> PlanAsync(string config, string? name, string runFolder, CancellationToken cancellationToken = default)
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(config) as JsonObject
                ?? throw new UserInputException("The configuration is not a JSON object.", "Write {\"method\":\"sft\", …}.");
        }
        catch (JsonException exception)
        {
            throw new UserInputException("The configuration is not valid JSON.", "Correct it at the place named.", $"line {exception.LineNumber + 1}", exception);
        }

        var model = await ModelPathAsync(Text(json, "model_name_or_path"), cancellationToken);
        var dataset = await DatasetPathAsync(Text(json, "dataset"), cancellationToken);
        json["model_name_or_path"] = model.Path;
        json["dataset"] = dataset.Path;
        json["output_dir"] = runFolder;
        name = string.IsNullOrWhiteSpace(name) ? $"{model.Name} on {dataset.Name}" : name.Trim();
        json["run_name"] = name;
        var method = json["method"]?.GetValue<string>() ?? "sft";
        return new RunPlan(name, method, model.Path, dataset.Path, json.ToJsonString());
    }

    /// <summary>Creates the run folder with its configuration.</summary>
    public static void WriteFolder(RunPlan plan, string runFolder)
    {
        Directory.CreateDirectory(runFolder);
        File.WriteAllText(Path.Combine(runFolder, "config.json"), plan.Config);
    }

    private static string Text(JsonObject json, string key) =>
        json[key] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0
            ? text
            : throw new UserInputException($"The configuration needs {key}.", $"Set {key} to a path or to an id of this workbench.", key);

    private async Task<(string Name, string Path)> ModelPathAsync(string value, CancellationToken cancellationToken)
    {
        var known = (await models.ListAsync(cancellationToken)).FirstOrDefault(model => model.Id == value);
        if (known is null && !Directory.Exists(value))
        {
            throw new UserInputException($"There is no model \"{value}\".", "Add the model's folder first, or give its full path.", "model_name_or_path");
        }

        return known is null ? (Path.GetFileName(Path.TrimEndingDirectorySeparator(value)), Path.GetFullPath(value)) : (known.Name, known.Path);
    }

    private async Task<(string Name, string Path)> DatasetPathAsync(string value, CancellationToken cancellationToken)
    {
        var known = (await datasets.ListAsync(cancellationToken)).FirstOrDefault(dataset => dataset.Id == value);
        if (known is null && !File.Exists(value))
        {
            throw new UserInputException($"There is no dataset \"{value}\".", "Import the file first, or give its full path.", "dataset");
        }

        return known is null
            ? (Path.GetFileNameWithoutExtension(value), Path.GetFullPath(value))
            : (known.Name, await datasets.RowsPathAsync(known.Id, cancellationToken));
    }
}
