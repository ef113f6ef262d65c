using System.Collections.Concurrent;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Starter.Guide;

/// <summary>
/// Asks models of the guided path the held-out questions, one model at a time, away from any page; each once, unless its weights are gone.
/// </summary>
public sealed class StarterExam(GeneratorPool pool, PathMemory memory, ILogger<StarterExam> logger) : IDisposable
{
    /// <summary>Questions of each part: enough to see the effect, few enough for seconds.</summary>
    public const int Questions = 24;

    private readonly ConcurrentDictionary<string, byte> asking = new();
    private readonly SemaphoreSlim one = new(1);
    private readonly CancellationTokenSource ending = new();

    /// <summary>Told with the model's id when it was asked (or could not be).</summary>
    public event Action<string>? Finished;

    /// <summary>Whether the model of that id is being asked, or waits for it.</summary>
    public bool IsAsking(string modelId) => asking.ContainsKey(modelId);

    /// <summary>Begins to ask the model, unless that is done or under way.</summary>
    public void Ask(ModelEntry model)
    {
        if (!memory.Read().Measured.ContainsKey(model.Id) && asking.TryAdd(model.Id, 0))
        {
            _ = Task.Run(() => AskAsync(model));
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        // The semaphore and the source are left to the collector: an answer may still be on its way out.
    }

    private async Task AskAsync(ModelEntry model)
    {
        try
        {
            await one.WaitAsync(ending.Token);
            try
            {
                using var lease = pool.Rent(model.Path, model.BasePath);
                var accuracies = StarterMeasure.Of(lease.Generator, Questions, ending.Token);
                memory.Change(progress => progress with
                {
                    Measured = new Dictionary<string, IReadOnlyList<StarterAccuracy>>(progress.Measured) { [model.Id] = accuracies },
                });
            }
            finally
            {
                one.Release();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            logger.LogDebug("The application ended while {Model} was being asked", model.Name);
        }
        catch (Exception exception) when (exception is IOException || Failure.Of(exception) is not null)
        {
            logger.LogWarning(exception, "{Model} could not be asked the held-out questions", model.Name);
        }
        finally
        {
            asking.TryRemove(model.Id, out _);
            Finished?.Invoke(model.Id);
        }
    }
}
