using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>How a model's rotary frequencies were stretched for contexts longer than it was pretrained on; names as in config.json's <c>rope_scaling</c>.</summary>
public abstract record RopeScaling
{
    /// <summary>Frequencies (D/2), in radians a position, to those that the model uses.</summary>
    public abstract Tensor Apply(Tensor frequencies);

    /// <summary>Every position is divided by the factor (Chen et al., "Extending Context Window of Large Language Models via Positional Interpolation", 2023).</summary>
    public sealed record Linear(double Factor) : RopeScaling
    {
        public override Tensor Apply(Tensor frequencies) => frequencies / Factor;
    }

    /// <summary>
    /// Llama 3.1's: frequencies whose wave is longer than the old context over <paramref name="LowFreqFactor"/> are divided by the
    /// factor, those shorter than it over <paramref name="HighFreqFactor"/> kept, and between the two a mean of both is taken.
    /// </summary>
    public sealed record Llama3(double Factor, double LowFreqFactor, double HighFreqFactor, int OriginalMaxPositionEmbeddings) : RopeScaling
    {
        public override Tensor Apply(Tensor frequencies)
        {
            var waves = OriginalMaxPositionEmbeddings * frequencies / (2 * Math.PI); // waves within the old context
            var kept = ((waves - LowFreqFactor) / (HighFreqFactor - LowFreqFactor)).clamp(0, 1);
            return (frequencies * kept) + (frequencies / Factor * (1 - kept));
        }
    }
}
