using TorchSharp;
using TorchSharp.Modules;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>
/// A decoder-only transformer as transformers' LlamaForCausalLM and its relatives compute it, described by a <see cref="DecoderConfig"/>.
/// Parameters carry transformers' names.
/// </summary>
/// <remarks>Left out: dropout (Llama has none), attention masks (padding stands at the end; see TokenBatch).</remarks>
public sealed class DecoderModel : IDisposable
{
    private readonly Parameter _embedding; // (V, C)
    private readonly List<DecoderLayer> _layers = [];
    private readonly Parameter _norm; // (C)
    private readonly Parameter _head; // (V, C); the embedding itself where tied
    private readonly RotaryTables _rotary;
    private readonly ComputePrecision _precision = new();
    private readonly List<(RecomputedLayers Layers, (Tensor Cos, Tensor Sin) Angles)> _recomputed = [];

    /// <param name="config">The shape.</param>
    /// <param name="weights">A tensor for each of <see cref="DecoderConfig.Weights"/>, which the model takes over.</param>
    public DecoderModel(DecoderConfig config, IReadOnlyDictionary<string, Tensor> weights)
    {
        Config = config;
        var parameters = weights.ToDictionary(pair => pair.Key, pair => new Parameter(pair.Value));
        _embedding = parameters["model.embed_tokens.weight"];
        _head = config.TieWordEmbeddings ? _embedding : parameters["lm_head.weight"];
        _rotary = new RotaryTables(config, _embedding.device);
        for (var i = 0; i < config.NumHiddenLayers; i++)
        {
            _layers.Add(new DecoderLayer(config, i, parameters.GetValueOrDefault, _precision));
        }

        _norm = parameters["model.norm.weight"];
        Weights = [.. config.Weights().Select(weight => (weight.Name, parameters[weight.Name]))];
    }

    public DecoderConfig Config { get; }

    /// <summary>Every weight under transformers' name, in the order of <see cref="DecoderConfig.Weights"/>; a tied one once.</summary>
    public IReadOnlyList<(string Name, Parameter Weight)> Weights { get; }

    /// <summary>(V, C), what <see cref="Logits"/> multiplies by: the embedding itself where tied.</summary>
    public Tensor Head => _head;

    public Device Device => _embedding.device;

    /// <summary>Logits of every position: (B, T) ids to (B, T, V).</summary>
    public Tensor Forward(Tensor ids)
    {
        using var hidden = Hidden(ids);
        return Logits(hidden);
    }

    /// <summary>The normalised last hidden state: (B, T) ids to (B, T, C).</summary>
    /// <param name="ids">Token ids, int64.</param>
    /// <param name="cache">What earlier positions left; the ids continue them. Only under <c>no_grad</c>.</param>
    /// <param name="packed">What the one row is packed of; null where each row is one sequence. Not with a cache.</param>
    /// <param name="embeddingNoise">Applied to the embeddings (B, T, C); null leaves them as they are.</param>
    public Tensor Hidden(
        Tensor ids, KeyValueCache? cache = null, PackedSequences? packed = null, Func<Tensor, Tensor>? embeddingNoise = null)
    {
        using var scope = NewDisposeScope();
        var (batch, length) = (ids.shape[0], ids.shape[1]);
        var angles = packed is null ? _rotary.At(cache?.Length ?? 0, length) : _rotary.At(packed);
        var x = _embedding.index_select(0, ids.reshape(-1)).view(batch, length, -1); // (B, T, C)
        x = embeddingNoise?.Invoke(x) ?? x;
        if (GradientCheckpointing && cache is null && is_grad_enabled())
        {
            // The angles outlive the scope of this call, because the layers are run once more in backward.
            var kept = (angles.Cos.DetachFromDisposeScope(), angles.Sin.DetachFromDisposeScope());
            var segment = new RecomputedLayers(x, [.. _layers.Select(layer => (Func<Tensor, Tensor>)(input => layer.Forward(input, kept, null, packed)))]);
            _recomputed.Add((segment, kept));
            x = segment.Output;
        }
        else
        {
            foreach (var layer in _layers)
            {
                x = layer.Forward(x, angles, cache, packed);
            }
        }

        cache?.Advance(length);
        return RmsNorm.Apply(x, _norm, Config.RmsNormEps).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Keeps only the inputs of the layers and computes the rest again in backward. Each <c>backward()</c> of a loss must then be
    /// followed by <see cref="BackwardThroughLayers"/>.
    /// </summary>
    public bool GradientCheckpointing { get; set; }

    /// <summary>
    /// Computes matrix products of bfloat16 factors, forward and backward; weights, activations between products, sums and
    /// gradients stay float32 (<see cref="LinearProduct"/>).
    /// </summary>
    public bool BFloat16
    {
        get => _precision.BFloat16;
        set => _precision.BFloat16 = value;
    }

    /// <summary>Ends the backward of all passes since the last call; does nothing without <see cref="GradientCheckpointing"/>.</summary>
    public void BackwardThroughLayers()
    {
        foreach (var (layers, _) in _recomputed)
        {
            layers.Backward();
        }

        ForgetRecomputed();
    }

    private void ForgetRecomputed()
    {
        foreach (var (layers, (cos, sin)) in _recomputed)
        {
            layers.Dispose();
            cos.Dispose();
            sin.Dispose();
        }

        _recomputed.Clear();
    }

    /// <summary>Scores of the next token: (…, C) to (…, V).</summary>
    public Tensor Logits(Tensor hidden) => LinearProduct.Apply(hidden, _head, bfloat16: BFloat16);

    public void Dispose()
    {
        ForgetRecomputed();
        _rotary.Dispose();
        foreach (var (_, weight) in Weights)
        {
            weight.Dispose();
        }
    }
}
