using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Starter.Guide;

/// <summary>What of the workbench belongs to the guided path; each is null while it is not there.</summary>
/// <param name="Base">The starter's base model.</param>
/// <param name="SftData">The rows for fine-tuning.</param>
/// <param name="DpoData">The preference pairs.</param>
/// <param name="SftRun">The newest finished run that tunes the base model on the rows, or else the newest of all.</param>
/// <param name="DpoRun">The same for the pairs.</param>
/// <param name="Tuned">What the first run made.</param>
/// <param name="Preferred">What the second run made.</param>
public sealed record PathParts(
    ModelEntry? Base, DatasetEntry? SftData, DatasetEntry? DpoData, RunEntry? SftRun, RunEntry? DpoRun, ModelEntry? Tuned, ModelEntry? Preferred)
{
    /// <summary>Finds the parts by where they lie and what they were made of, whatever their owner calls them.</summary>
    /// <param name="basePath">Where the starter's model lies.</param>
    /// <param name="datasetsPath">The folder below which each dataset has a folder named by its id.</param>
    /// <param name="models">Newest first.</param>
    /// <param name="datasets">Newest first.</param>
    /// <param name="runs">Newest first.</param>
    public static PathParts Find(
        string basePath, string datasetsPath, IReadOnlyList<ModelEntry> models, IReadOnlyList<DatasetEntry> datasets, IReadOnlyList<RunEntry> runs)
    {
        var model = models.FirstOrDefault(entry => entry.Path == basePath);
        var sft = datasets.LastOrDefault(entry => entry.Name == StarterData.SftName);
        var dpo = datasets.LastOrDefault(entry => entry.Name == StarterData.DpoName);
        var sftRun = Newest(runs, run => model is not null && run.Method == "sft" && run.Model == basePath && IsOn(run, sft, datasetsPath));
        var tuned = Result(sftRun, models);
        var dpoRun = Newest(runs, run => tuned is not null && run.Method == "dpo" && run.Model == tuned.Path && IsOn(run, dpo, datasetsPath));
        return new PathParts(model, sft, dpo, sftRun, dpoRun, tuned, Result(dpoRun, models));
    }

    private static RunEntry? Newest(IReadOnlyList<RunEntry> runs, Func<RunEntry, bool> belongs) =>
        runs.FirstOrDefault(run => belongs(run) && run.Status == RunStatus.Completed) ?? runs.FirstOrDefault(belongs);

    private static bool IsOn(RunEntry run, DatasetEntry? dataset, string datasetsPath) =>
        dataset is not null && run.Dataset.StartsWith(Path.Combine(datasetsPath, dataset.Id) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static ModelEntry? Result(RunEntry? run, IReadOnlyList<ModelEntry> models) =>
        run is null ? null : models.FirstOrDefault(entry => entry.ParentRunId == run.Id);
}
