using TorchSharp;
using Workbench.Learning.Models.Decoder;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Hub;

/// <summary>
/// Gives a model rows for new tokens, in its embedding and in an output projection of its own. A new row is the mean of the old
/// ones: the new token then begins as the average token, and changes the probabilities of the others least (Hewitt,
/// "Initializing New Word Embeddings for Pretrained Language Models", 2021). transformers draws from a normal distribution around
/// that mean, so narrow that the two differ by about 1e-5.
/// </summary>
public static class EmbeddingResizer
{
    /// <summary>A model with <paramref name="rows"/> rows, of which those that <paramref name="model"/> has are unchanged.</summary>
    /// <param name="model">Taken over: must not be used afterwards.</param>
    /// <param name="rows">Not fewer than the model has.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer rows than the model has: tokens would lose theirs.</exception>
    public static DecoderModel Resize(DecoderModel model, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, model.Config.VocabSize);
        using var inference = no_grad();
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, weight) in model.Weights)
        {
            weights[name] = name is "model.embed_tokens.weight" or "lm_head.weight" ? WithRows(weight, rows) : weight.detach().DetachFromDisposeScope();
        }

        return new DecoderModel(model.Config with { VocabSize = rows }, weights);
    }

    private static Tensor WithRows(Tensor weight, int rows) // (V, C) to (rows, C)
    {
        using var scope = NewDisposeScope();
        var added = rows - weight.shape[0];
        var mean = weight.mean([0L], keepdim: true); // (1, C)
        return cat([weight.detach(), mean.expand(added, -1)], 0).DetachFromDisposeScope();
    }
}
