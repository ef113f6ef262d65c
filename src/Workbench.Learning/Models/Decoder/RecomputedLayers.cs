using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>
/// Gradient checkpointing (Chen et al., 2016) with a layer as the unit: forward keeps only the input of each layer; backward makes a
/// layer's activations again, one layer at a time. The same operations on the same numbers, hence the same gradients, but for
/// the order in which two paths into a tensor are added.
/// </summary>
/// <remarks>
/// The graph is cut behind the last layer: the loss's own backward reaches <see cref="Output"/>, and <see cref="Backward"/> carries
/// the gradient on through the layers to the embeddings.
/// </remarks>
internal sealed class RecomputedLayers : IDisposable
{
    private readonly Tensor _embeddings;
    private readonly IReadOnlyList<Func<Tensor, Tensor>> _layers;
    private readonly List<Tensor> _inputs = [];

    /// <param name="embeddings">(B, T, C), with their graph.</param>
    /// <param name="layers">Each from (B, T, C) to the same.</param>
    public RecomputedLayers(Tensor embeddings, IReadOnlyList<Func<Tensor, Tensor>> layers)
    {
        (_embeddings, _layers) = (embeddings.DetachFromDisposeScope(), layers);
        using var off = no_grad();
        var x = embeddings.detach().DetachFromDisposeScope();
        foreach (var layer in layers)
        {
            _inputs.Add(x);
            x = layer(x).DetachFromDisposeScope();
        }

        Output = x.requires_grad_();
    }

    /// <summary>(B, T, C): a leaf that receives the gradient of the loss.</summary>
    public Tensor Output { get; }

    /// <summary>Adds the gradients of the layers and of what made the embeddings; once, after the loss's backward.</summary>
    public void Backward()
    {
        using var on = enable_grad();
        using var scope = NewDisposeScope();
        var gradient = Output.grad;
        for (var i = _layers.Count - 1; i >= 0 && gradient is not null; i--)
        {
            using var layer = NewDisposeScope();
            var input = _inputs[i].requires_grad_();
            autograd.backward([_layers[i](input)], [gradient]);
            gradient = input.grad?.MoveToOuterDisposeScope();
        }

        if (gradient is not null && _embeddings.requires_grad)
        {
            autograd.backward([_embeddings], [gradient]);
        }
    }

    public void Dispose()
    {
        Output.Dispose();
        _embeddings.Dispose();
        foreach (var input in _inputs)
        {
            input.Dispose();
        }
    }
}
