using TorchSharp;
using TorchSharp.Modules;
using Workbench.Learning.Models.Lora;
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
    private readonly WeightPlace _embedding; // (V, C)
    private readonly List<DecoderLayer> _layers = [];
    private readonly WeightPlace _norm; // (C)
    private readonly WeightPlace _head; // (V, C); its own is the embedding's where tied
    private readonly RotaryTables _rotary;
    private readonly ComputePrecision _precision = new();
    private readonly Dictionary<string, Projection> _projections;
    private readonly List<(RecomputedLayers Layers, (Tensor Cos, Tensor Sin) Angles)> _recomputed = [];

    /// <param name="config">The shape.</param>
    /// <param name="weights">A tensor for each of <see cref="DecoderConfig.Weights"/>, which the model takes over.</param>
    public DecoderModel(DecoderConfig config, IReadOnlyDictionary<string, Tensor> weights)
    {
        Config = config;
        var places = weights.ToDictionary(pair => pair.Key, pair => new WeightPlace(new Parameter(pair.Value)), StringComparer.Ordinal);
        _embedding = places["model.embed_tokens.weight"];
        _head = config.TieWordEmbeddings ? new WeightPlace(_embedding.Own) : places["lm_head.weight"];
        _rotary = new RotaryTables(config, Device);
        for (var i = 0; i < config.NumHiddenLayers; i++)
        {
            _layers.Add(new DecoderLayer(config, i, places.GetValueOrDefault, _precision));
        }

        _norm = places["model.norm.weight"];
        Weights = [.. config.Weights().Select(weight => (weight.Name, places[weight.Name].Own))];
        places["lm_head.weight"] = _head;
        Places = places;
        _projections = _layers.SelectMany(layer => layer.Projections).ToDictionary(StringComparer.Ordinal);
        Linear = _projections.ToDictionary(pair => pair.Key, pair => (pair.Value.Weight.shape[0], pair.Value.Weight.shape[1]), StringComparer.Ordinal);
        Adapters = new AdapterSet(this);
    }

    public DecoderConfig Config { get; }

    /// <summary>Every weight under transformers' name, in the order of <see cref="DecoderConfig.Weights"/>; a tied one once.</summary>
    public IReadOnlyList<(string Name, Parameter Weight)> Weights { get; }

    /// <summary>The low-rank adapters of the model; none at first.</summary>
    public AdapterSet Adapters { get; }

    /// <summary>What is trained, by name: the weights, or the parameters of the adapter at work.</summary>
    public IReadOnlyList<(string Name, Parameter Weight)> Trained => Adapters.Active?.Parameters ?? Weights;

    /// <summary>Outputs and inputs of the linear modules of the layers, by name (<c>model.layers.0.self_attn.q_proj</c> …).</summary>
    internal IReadOnlyDictionary<string, (long Outputs, long Inputs)> Linear { get; }

    internal Projection Projection(string module) => _projections[module];

    /// <summary>The place of every weight, by transformers' name; that of the head too where its own is the embedding.</summary>
    internal IReadOnlyDictionary<string, WeightPlace> Places { get; }

    /// <summary>(V, C), what <see cref="Logits"/> multiplies by: the embedding itself where tied, unless an adapter replaces it.</summary>
    public Tensor Head => _head.Value;

    public Device Device => _embedding.Own.device;

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
        var dropout = Adapters.NewPass();
        Adapters.Pass.Seed = dropout;
        var x = _embedding.Value.index_select(0, ids.reshape(-1)).view(batch, length, -1); // (B, T, C)
        x = embeddingNoise?.Invoke(x) ?? x;
        if (GradientCheckpointing && cache is null && is_grad_enabled())
        {
            // The angles outlive the scope of this call, because the layers are run once more in backward.
            var kept = (angles.Cos.DetachFromDisposeScope(), angles.Sin.DetachFromDisposeScope());
            Tensor Run(DecoderLayer layer, Tensor input)
            {
                Adapters.Pass.Seed = dropout; // of this pass: others may have run before backward
                return layer.Forward(input, kept, null, packed);
            }

            var segment = new RecomputedLayers(x, [.. _layers.Select(layer => (Func<Tensor, Tensor>)(input => Run(layer, input)))]);
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
        return RmsNorm.Apply(x, _norm.Value, Config.RmsNormEps).MoveToOuterDisposeScope();
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

    /// <summary>
    /// The next token of a few sequences in one call that makes no tensors; null where there is none for this model (another device).
    /// It keeps the weights as they are now.
    /// </summary>
    /// <param name="held">In what form it keeps the matrices.</param>
    /// <exception cref="InvalidOperationException">The model has an active adapter.</exception>
    public DecodeStep? CreateDecodeStep(HeldWeights held)
    {
        if (Adapters.Active is not null)
        {
            throw new InvalidOperationException("The step reads the weights alone: make a merged model of the adapter first.");
        }

        using var scope = NewDisposeScope();
        var weights = Weights.ToDictionary(weight => weight.Name, weight => (Tensor)weight.Weight);
        DecodeLayer Layer(int index)
        {
            Tensor? Weight(string name) => weights.GetValueOrDefault($"model.layers.{index}.{name}");
            Tensor Matrix(string name) => Weight(name + ".weight")!;
            Tensor? Bias(string name) => Weight(name + ".bias");
            return new DecodeLayer(
                Matrix("input_layernorm"), Matrix("self_attn.q_proj"), Bias("self_attn.q_proj"), Matrix("self_attn.k_proj"), Bias("self_attn.k_proj"),
                Matrix("self_attn.v_proj"), Bias("self_attn.v_proj"), Matrix("self_attn.o_proj"), Bias("self_attn.o_proj"),
                Matrix("post_attention_layernorm"), Matrix("mlp.gate_proj"), Bias("mlp.gate_proj"), Matrix("mlp.up_proj"), Bias("mlp.up_proj"),
                Matrix("mlp.down_proj"), Bias("mlp.down_proj"), Weight("self_attn.q_norm.weight"), Weight("self_attn.k_norm.weight"));
        }

        var (cos, sin) = _rotary.At(0, Config.MaxPositionEmbeddings);
        var shape = new DecodeShape(
            Config.NumAttentionHeads, Config.NumKeyValueHeads, Config.HeadDim, Config.RmsNormEps,
            [.. Enumerable.Range(0, Config.NumHiddenLayers).Select(Config.WindowOf)]);
        return DecodeStep.TryCreate(
            shape, [.. Enumerable.Range(0, Config.NumHiddenLayers).Select(Layer)], _embedding.Own, _norm.Own, _head.Own, cos, sin, held);
    }

    /// <summary>Scores of the next token: (…, C) to (…, V).</summary>
    public Tensor Logits(Tensor hidden) => LinearProduct.Apply(hidden, Head, bfloat16: BFloat16);

    public void Dispose()
    {
        ForgetRecomputed();
        Adapters.Dispose();
        _rotary.Dispose();
        foreach (var (_, weight) in Weights)
        {
            weight.Dispose();
        }
    }
}
