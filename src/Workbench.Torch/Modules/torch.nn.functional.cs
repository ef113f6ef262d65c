using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>input @ weights.T + bias.</summary>
            /// <param name="input">(*, in)</param>
            /// <param name="weights">(out, in)</param>
            /// <param name="bias">(out)</param>
            /// <returns>(*, out)</returns>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Tensor.Take(Native.wb_linear(input.handle, weights.handle, bias.OrNone(), out var result), result);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            /// <summary>ln(softmax(input)) without overflow.</summary>
            public static Tensor log_softmax(Tensor x, long dim) => special.log_softmax(x, dim);

            public static Tensor relu(Tensor x, bool inplace = false) => InPlace(x, x.relu(), inplace);

            public static Tensor silu(Tensor x, bool inplace = false) => InPlace(x, x.silu(), inplace);

            public static Tensor gelu(Tensor x, bool inplace = false) => InPlace(x, x.gelu(), inplace);

            public static Tensor sigmoid(Tensor input) => input.sigmoid();

            public static Tensor tanh(Tensor x, bool inplace = false) => InPlace(x, x.tanh(), inplace);

            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();

            /// <summary>Each element 0 with probability p, the others divided by 1 - p, so that the mean stays (Srivastava et
            /// al. 2014).</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                InPlace(input, Tensor.Take(Native.wb_dropout(input.handle, p, training, out var result), result), inplace);

            /// <summary>(x - mean) / sqrt(variance + eps) over the last dimensions, times weight, plus bias (Ba et al.
            /// 2016).</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null,
                double eps = 1e-05) =>
                Tensor.Take(Native.wb_layer_norm(input.handle, normalized_shape, normalized_shape.Length, weight.OrNone(),
                    bias.OrNone(), eps, out var result), result);

            /// <summary>A 1 where the class is, 0 elsewhere; -1 takes the number of classes from the largest.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) =>
                Tensor.Take(Native.wb_one_hot(x.handle, num_classes, out var result), result);

            /// <summary>softmax(query @ key.T / sqrt(E) + attn_mask) @ value (Vaswani et al. 2017, equation 1).</summary>
            /// <param name="query">(…, L, E)</param>
            /// <param name="key">(…, S, E)</param>
            /// <param name="value">(…, S, Ev)</param>
            /// <param name="attn_mask">broadcast to (…, L, S): added to the scores, or, of truth values, true where attention
            /// is allowed</param>
            /// <param name="p">dropout on the weights</param>
            /// <param name="is_casual">each position sees itself and those before; attn_mask must be null then (TorchSharp's
            /// spelling)</param>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null,
                double p = 0.0, bool is_casual = false) =>
                Tensor.Take(Native.wb_scaled_dot_product_attention(query.handle, key.handle, value.handle, attn_mask.OrNone(),
                    p, is_casual, out var result), result);

            private static Tensor InPlace(Tensor input, Tensor result, bool inplace)
            {
                if (!inplace)
                {
                    return result;
                }

                using (result)
                {
                    return input.copy_(result).alias();
                }
            }
        }
    }
}
