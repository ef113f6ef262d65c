using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>-log softmax(input)[target], over rows whose target is not <paramref name="ignore_index"/>.</summary>
            /// <param name="input">(N, C) logits</param>
            /// <param name="target">(N) class numbers, or (N, C) probabilities</param>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                Tensor.Take(Native.wb_cross_entropy(input.handle, target.handle, weight.OrNone(), (long)reduction, ignore_index,
                    label_smoothing, out var result), result);

            /// <summary>-input[target] of log-probabilities.</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null,
                Reduction reduction = Reduction.Mean) =>
                Tensor.Take(Native.wb_nll_loss(input.handle, target.handle, weight.OrNone(), (long)reduction, -100,
                    out var result), result);

            /// <summary>(input - target)².</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Tensor.Take(Native.wb_mse_loss(input.handle, target.handle, (long)reduction, out var result), result);

            /// <summary>Binary cross-entropy of sigmoid(input), without overflow.</summary>
            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null,
                Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Tensor.Take(Native.wb_bce_with_logits(input.handle, target.handle, weight.OrNone(), pos_weights.OrNone(),
                    (long)reduction, out var result), result);
        }
    }
}
