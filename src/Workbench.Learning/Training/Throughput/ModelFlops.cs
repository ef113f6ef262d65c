using Workbench.Learning.Models.Decoder;

namespace Workbench.Learning.Training.Throughput;

/// <summary>
/// The arithmetic that training a model takes, forward and backward: 6 operations for each weight of a matrix product and token (Kaplan
/// et al., 2020), and 12 L H D T for the attention of a token among T (PaLM; Chowdhery et al., 2022, appendix B). What is computed
/// twice (a reference model, logits made again) does not count: it is not progress. Weights frozen under an adapter take 4, because they get no
/// gradient, and those of the adapter 6.
/// </summary>
/// <param name="ProductWeights">Weights of all matrix products, that with the vocabulary included.</param>
/// <param name="AttentionWidth">Layers times query heads times width of a head.</param>
/// <param name="AdapterWeights">Weights of an adapter; 0 where the model itself is trained.</param>
public sealed record ModelFlops(long ProductWeights, long AttentionWidth, long AdapterWeights = 0)
{
    public static ModelFlops Of(DecoderConfig config, long adapterWeights = 0)
    {
        var matrices = config.Weights()
            .Where(weight => weight.Shape.Length == 2 && weight.Name is not ("model.embed_tokens.weight" or "lm_head.weight"))
            .Sum(weight => weight.Shape[0] * weight.Shape[1]);
        return new ModelFlops(
            matrices + ((long)config.VocabSize * config.HiddenSize),
            (long)config.NumHiddenLayers * config.NumAttentionHeads * config.HeadDim,
            adapterWeights);
    }

    /// <summary>Floating-point operations of a training step.</summary>
    /// <param name="tokens">Tokens of all sequences.</param>
    /// <param name="squaredLengths">Sum of the squares of the lengths of the sequences.</param>
    public double Training(long tokens, double squaredLengths) => ((((AdapterWeights > 0 ? 4.0 : 6.0) * ProductWeights) + (6.0 * AdapterWeights)) * tokens) + (12.0 * AttentionWidth * squaredLengths);
}
