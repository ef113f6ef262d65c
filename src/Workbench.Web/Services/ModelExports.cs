using System.Collections.Concurrent;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Gguf;
using Workbench.Learning.Models.Safetensors;
using Workbench.Web.Persistence.Entities;
using static TorchSharp.torch;

namespace Workbench.Web.Services;

/// <summary>How far an export is.</summary>
/// <param name="Phase">What is being done; null once it ended.</param>
/// <param name="Bytes">Bytes in the file.</param>
/// <param name="TotalBytes">How many there will be; 0 while that is not known.</param>
/// <param name="Path">What was written.</param>
/// <param name="Error">Why nothing was.</param>
public sealed record ExportState(string? Phase, long Bytes = 0, long TotalBytes = 0, string? Path = null, string? Error = null);

/// <summary>Writes models for other programs in the background, one at a time, into the data folder's <c>exports</c>.</summary>
public sealed class ModelExports(ModelService models, DataFolder folder, TimeProvider clock, ILogger<ModelExports> logger) : IDisposable
{
    private static readonly TimeSpan Tell = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, ExportState> states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    /// <summary>Told the model's id, on any thread.</summary>
    public event Action<string>? Changed;

    /// <summary>The state of the model's latest export since the application was started; null where there was none.</summary>
    public ExportState? StateOf(string modelId) => states.GetValueOrDefault(modelId);

    /// <summary>Begins an export and returns.</summary>
    /// <param name="modelId">A model or an adapter; the latter is merged into its base model.</param>
    /// <param name="format">hf or gguf.</param>
    /// <param name="dtype">Type of the weights by its name; null for that of the model.</param>
    /// <param name="cancellationToken">Cancels before the export begins.</param>
    /// <exception cref="UserInputException">No such model, format or type, or the model is being exported.</exception>
    public async Task StartAsync(string modelId, string format, string? dtype, CancellationToken cancellationToken = default)
    {
        var model = await models.GetAsync(modelId, cancellationToken);
        Func<Action<ExportState>, CancellationToken, string> write;
        try
        {
            write = Writer(model, format, dtype);
        }
        catch (ModelException error)
        {
            throw new UserInputException(error.Message, "Repair the folder, then export again.", model.Path, error);
        }

        var waiting = new ExportState("waiting");
        var entered = states.AddOrUpdate(modelId, waiting, (_, state) => state.Phase is null ? waiting : state);
        if (!ReferenceEquals(entered, waiting))
        {
            throw new UserInputException($"{model.Name} is being exported already.", "Wait for the result, or cancel it.", modelId);
        }

        var stop = running[modelId] = new CancellationTokenSource();
        _ = Task.Run(() => RunAsync(model, write, stop), CancellationToken.None);
    }

    /// <summary>Stops the model's export; what it wrote is deleted.</summary>
    public void Cancel(string modelId)
    {
        if (running.TryGetValue(modelId, out var stop))
        {
            stop.Cancel();
        }
    }

    /// <summary>The full path of an exported file.</summary>
    /// <exception cref="UserInputException">There is none of that name.</exception>
    public string FileOf(string name)
    {
        var path = Path.Combine(folder.Exports, Path.GetFileName(name));
        return File.Exists(path) ? path : throw UserInputException.Missing("export", name);
    }

    public void Dispose()
    {
        foreach (var stop in running.Values)
        {
            stop.Cancel();
        }

        oneAtATime.Dispose();
    }

    /// <summary>What writes the model; the choice is checked before anything runs.</summary>
    private Func<Action<ExportState>, CancellationToken, string> Writer(ModelEntry model, string format, string? dtype)
    {
        var name = string.Concat(model.Name.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_'));
        switch (format)
        {
            case "gguf":
                var type = dtype is null ? GgufExport.LosslessType(model.BasePath ?? model.Path) : GgufFile.TypeOf(dtype, model.Path);
                return (tell, stop) => GgufFile.Write(
                    model.Path, Path.Combine(folder.Exports, $"{name}-{type.Name()}-{ShortId.New()}.gguf"), type, model.Name, model.BasePath,
                    phase => tell(new ExportState(phase)), (bytes, total) => tell(new ExportState("writing", bytes, total)), stop).Model;
            case "hf":
                ScalarType? stored = dtype?.ToLowerInvariant() switch
                {
                    null => null,
                    "f32" or "float32" => ScalarType.Float32,
                    "bf16" or "bfloat16" => ScalarType.BFloat16,
                    "f16" or "float16" => ScalarType.Float16,
                    _ => throw new UserInputException($"\"{dtype}\" is no type for the weights of a Hugging Face folder.", "Choose f32, bf16 or f16; q8_0 is GGUF's.", "dtype"),
                };
                return (tell, _) =>
                {
                    tell(new ExportState("writing"));
                    var target = Path.Combine(folder.Exports, $"{name}-{ShortId.New()}");
                    return (model.BasePath is { } basePath
                        ? ModelWriter.Merge(basePath, model.Path, target, stored, ShardedWeights.DefaultMaxShardBytes)
                        : ModelWriter.Export(model.Path, target, stored)).Model;
                };
            default:
                throw new UserInputException($"There is no export format \"{format}\".", "Choose hf or gguf.", "format");
        }
    }

    private async Task RunAsync(ModelEntry model, Func<Action<ExportState>, CancellationToken, string> write, CancellationTokenSource stop)
    {
        var entered = false;
        try
        {
            await oneAtATime.WaitAsync(stop.Token);
            entered = true;
            Directory.CreateDirectory(folder.Exports);
            long told = 0;
            var path = write(state =>
            {
                if (state.TotalBytes == 0 || clock.GetElapsedTime(told) >= Tell)
                {
                    told = clock.GetTimestamp();
                    Set(model.Id, state);
                }
            }, stop.Token);
            Set(model.Id, new ExportState(null, Path: path));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Set(model.Id, new ExportState(null, Error: "The export was cancelled; nothing of it was kept."));
        }
        catch (Exception exception)
        {
            // Nobody awaits this task: whatever went wrong has to be said where the user looks.
            logger.LogWarning(exception, "Exporting {Model} failed", model.Path);
            Set(model.Id, new ExportState(null, Error: Failure.Of(exception)?.Message ?? $"The export failed: {exception.Message}"));
        }
        finally
        {
            running.TryRemove(model.Id, out _);
            stop.Dispose();
            if (entered)
            {
                oneAtATime.Release();
            }
        }
    }

    private void Set(string id, ExportState state)
    {
        states[id] = state;
        Changed?.Invoke(id);
    }
}
