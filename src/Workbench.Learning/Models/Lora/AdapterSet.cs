using TorchSharp;
using TorchSharp.Modules;
using Workbench.Learning.Models.Decoder;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Lora;

/// <summary>
/// The adapters of one model: any number by name, at most one at work. While there are any, the weights of the model itself are
/// frozen: no gradient of them is computed or kept.
/// </summary>
public sealed class AdapterSet : IDisposable
{
    private readonly DecoderModel _model;
    private readonly Dictionary<string, LoraAdapter> _adapters = new(StringComparer.Ordinal);
    private bool _disabled;
    private bool _merged;

    internal AdapterSet(DecoderModel model) => _model = model;

    public IReadOnlyCollection<string> Names => _adapters.Keys;

    /// <summary>Name of the adapter at work; null where there is none.</summary>
    public string? ActiveName { get; private set; }

    /// <summary>The adapter at work, even while <see cref="Disable"/> keeps it off; null where there is none.</summary>
    public LoraAdapter? Active => ActiveName is null ? null : _adapters[ActiveName];

    /// <summary>Draws what is dropped in passes with gradient; null drops nothing.</summary>
    internal Generator? DropoutSource { get; set; }

    internal DropoutPass Pass { get; } = new();

    private LoraAdapter? AtWork => _disabled ? null : Active;

    /// <summary>Takes the adapter over and sets it to work.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, LoraAdapter adapter)
    {
        RequireUnmerged();
        _adapters.Add(name, adapter);
        SetActive(name);
    }

    /// <summary>Sets the adapter of that name to work in place of any other.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public void SetActive(string name)
    {
        RequireUnmerged();
        if (!_adapters.ContainsKey(name))
        {
            throw new KeyNotFoundException($"There is no adapter \"{name}\"; there is {string.Join(", ", _adapters.Keys)}.");
        }

        ActiveName = name;
        Connect();
    }

    /// <summary>Takes the adapter off and disposes it. With the last one gone, the weights of the model can be trained again.</summary>
    public void Remove(string name)
    {
        RequireUnmerged();
        if (_adapters.Remove(name, out var adapter))
        {
            ActiveName = ActiveName == name ? null : ActiveName;
            Connect();
            adapter.Dispose();
        }
    }

    /// <summary>The model computes as if it had no adapter until the result is disposed: the reference of DPO at no cost in memory.</summary>
    public IDisposable Disable()
    {
        RequireUnmerged();
        var before = _disabled;
        _disabled = true;
        Connect();
        return new Restored(() =>
        {
            _disabled = before;
            Connect();
        });
    }

    /// <summary>Adds the updates of the adapter at work to the weights of the model: the same results without the low-rank products.</summary>
    public void Merge()
    {
        RequireUnmerged();
        AddDeltas(1);
        _merged = Active is not null;
        Connect();
    }

    /// <summary>Takes away what <see cref="Merge"/> added. Weights are then what they were but for rounding.</summary>
    public void Unmerge()
    {
        if (_merged)
        {
            AddDeltas(-1);
            _merged = false;
            Connect();
        }
    }

    private void AddDeltas(double sign)
    {
        using var off = no_grad();
        foreach (var module in Active?.Modules ?? [])
        {
            using var delta = module.Delta();
            _model.Projection(module.Name).Weight.add_(delta, sign);
        }
    }

    private void RequireUnmerged()
    {
        if (_merged)
        {
            throw new InvalidOperationException("An adapter is merged into the weights: call Unmerge() first.");
        }
    }

    /// <summary>Puts each update and each whole module into its place, and freezes or frees the model's own weights.</summary>
    private void Connect()
    {
        var modules = (_merged ? null : AtWork?.Modules)?.ToDictionary(module => module.Name) ?? [];
        foreach (var (place, name) in _model.Linear.Keys.Index())
        {
            _model.Projection(name).Lora = modules.TryGetValue(name, out var module) ? new PlacedLora(module, Pass, place) : null;
        }

        foreach (var (name, place) in _model.Places)
        {
            place.Replacement = AtWork?.Replaced.GetValueOrDefault(name);
        }

        foreach (var (_, weight) in _model.Weights)
        {
            if (weight.requires_grad != (_adapters.Count == 0))
            {
                weight.requires_grad = _adapters.Count == 0;
                weight.grad = null;
            }
        }
    }

    /// <summary>Begins a forward pass: what it drops is decided by one draw, where there is something to drop.</summary>
    internal long? NewPass()
    {
        if (DropoutSource is null || !is_grad_enabled() || AtWork is not { Config.LoraDropout: > 0 })
        {
            return null;
        }

        using var drawn = empty([1], ScalarType.Float64).uniform_(0, 1, DropoutSource);
        return (long)(drawn.item<double>() * (1L << 53));
    }

    public void Dispose()
    {
        foreach (var adapter in _adapters.Values)
        {
            adapter.Dispose();
        }

        _adapters.Clear();
        ActiveName = null;
    }

    private sealed class Restored(Action restore) : IDisposable
    {
        private Action? _restore = restore;

        public void Dispose()
        {
            _restore?.Invoke();
            _restore = null;
        }
    }
}
