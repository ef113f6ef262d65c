using Workbench.Learning.Models.Safetensors;

namespace Workbench.Learning.Models.Lora;

/// <summary>What an adapter folder holds.</summary>
/// <param name="BaseModel">What it says it is for: a folder, or a name on the hub.</param>
/// <param name="R">Rank.</param>
/// <param name="LoraAlpha">Alpha.</param>
/// <param name="UseRslora">Scaled by alpha / sqrt(r).</param>
/// <param name="TargetModules">Modules that it updates: names, a regular expression, or all-linear.</param>
/// <param name="ModulesToSave">Modules that it replaces.</param>
/// <param name="ParameterCount">Elements of all its tensors; null where they cannot be read.</param>
/// <param name="Dtype">Element type on disk; several are joined by a comma.</param>
/// <param name="Problems">What keeps it from being used, in words; whether it fits a model shows when it is loaded with one.</param>
public sealed record AdapterDescription(
    string? BaseModel,
    int? R,
    double? LoraAlpha,
    bool? UseRslora,
    string? TargetModules,
    IReadOnlyList<string> ModulesToSave,
    long? ParameterCount,
    string? Dtype,
    IReadOnlyList<string> Problems);

/// <summary>Looks at an adapter folder without loading its weights.</summary>
public static class AdapterInspector
{
    /// <summary>Describes the folder; never throws for what is wrong with it.</summary>
    public static AdapterDescription Inspect(string directory)
    {
        var problems = new List<string>();
        var config = Try(() => LoraConfigFile.Read(directory), problems);
        using var file = Try(() => AdapterFolder.Open(directory), problems);
        var entries = file?.Header.Tensors.Values.ToList();
        return new AdapterDescription(
            config?.BaseModelNameOrPath,
            config?.R,
            config?.LoraAlpha,
            config?.UseRslora,
            config?.TargetModules.ToString(),
            config?.ModulesToSave ?? [],
            entries?.Sum(entry => entry.Count),
            entries is null ? null : string.Join(", ", entries.Select(entry => entry.Type.TorchName()).Distinct().Order(StringComparer.Ordinal)),
            problems);
    }

    private static T? Try<T>(Func<T> read, List<string> problems)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ModelException error)
        {
            problems.Add(error.Message);
            return null;
        }
    }
}
