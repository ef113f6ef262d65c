using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Absolute value of each element.</summary>
        public Tensor abs() => Take(Native.wb_abs(handle, out var result), result);

        /// <summary>e to the power of each element.</summary>
        public Tensor exp() => Take(Native.wb_exp(handle, out var result), result);

        /// <summary>e^x - 1, exact near 0.</summary>
        public Tensor expm1() => Take(Native.wb_expm1(handle, out var result), result);

        /// <summary>Natural logarithm.</summary>
        public Tensor log() => Take(Native.wb_log(handle, out var result), result);

        /// <summary>Logarithm to base 2.</summary>
        public Tensor log2() => Take(Native.wb_log2(handle, out var result), result);

        /// <summary>Logarithm to base 10.</summary>
        public Tensor log10() => Take(Native.wb_log10(handle, out var result), result);

        /// <summary>ln(1 + x), exact near 0.</summary>
        public Tensor log1p() => Take(Native.wb_log1p(handle, out var result), result);

        /// <summary>Square root.</summary>
        public Tensor sqrt() => Take(Native.wb_sqrt(handle, out var result), result);

        /// <summary>1 / sqrt(x).</summary>
        public Tensor rsqrt() => Take(Native.wb_rsqrt(handle, out var result), result);

        /// <summary>x².</summary>
        public Tensor square() => Take(Native.wb_square(handle, out var result), result);

        /// <summary>1 / x.</summary>
        public Tensor reciprocal() => Take(Native.wb_reciprocal(handle, out var result), result);

        /// <summary>Sine.</summary>
        public Tensor sin() => Take(Native.wb_sin(handle, out var result), result);

        /// <summary>Cosine.</summary>
        public Tensor cos() => Take(Native.wb_cos(handle, out var result), result);

        /// <summary>Hyperbolic tangent.</summary>
        public Tensor tanh() => Take(Native.wb_tanh(handle, out var result), result);

        /// <summary>Error function.</summary>
        public Tensor erf() => Take(Native.wb_erf(handle, out var result), result);

        /// <summary>1 / (1 + e^-x).</summary>
        public Tensor sigmoid() => Take(Native.wb_sigmoid(handle, out var result), result);

        /// <summary>ln(sigmoid(x)) without overflow.</summary>
        public Tensor log_sigmoid() => Take(Native.wb_log_sigmoid(handle, out var result), result);

        /// <summary>max(x, 0).</summary>
        public Tensor relu() => Take(Native.wb_relu(handle, out var result), result);

        /// <summary>x * sigmoid(x) (Elfwing et al. 2017).</summary>
        public Tensor silu() => Take(Native.wb_silu(handle, out var result), result);

        /// <summary>The largest integer not above.</summary>
        public Tensor floor() => Take(Native.wb_floor(handle, out var result), result);

        /// <summary>The smallest integer not below.</summary>
        public Tensor ceil() => Take(Native.wb_ceil(handle, out var result), result);

        /// <summary>The integer part.</summary>
        public Tensor trunc() => Take(Native.wb_trunc(handle, out var result), result);

        /// <summary>-1, 0 or 1.</summary>
        public Tensor sign() => Take(Native.wb_sign(handle, out var result), result);

        /// <summary>Where an element is not a number.</summary>
        public Tensor isnan() => Take(Native.wb_isnan(handle, out var result), result);

        /// <summary>Where an element is infinite.</summary>
        public Tensor isinf() => Take(Native.wb_isinf(handle, out var result), result);

        /// <summary>Where an element is neither infinite nor NaN.</summary>
        public Tensor isfinite() => Take(Native.wb_isfinite(handle, out var result), result);

        /// <summary>Where an element is 0.</summary>
        public Tensor logical_not() => Take(Native.wb_logical_not(handle, out var result), result);

        /// <summary>Each bit turned over; of truth values, their negation.</summary>
        public Tensor bitwise_not() => Take(Native.wb_bitwise_not(handle, out var result), result);

        public Tensor absolute() => abs();

        /// <summary>-x.</summary>
        public Tensor neg() => Take(Native.wb_neg(handle, out var result), result);

        public Tensor negative() => neg();

        /// <summary>To the nearest integer, halves to the even one.</summary>
        public Tensor round() => Take(Native.wb_round(handle, out var result), result);

        /// <summary>x * Φ(x), Φ the standard normal distribution function (Hendrycks and Gimpel 2016).</summary>
        public Tensor gelu() => Take(Native.wb_gelu(handle, false, out var result), result);

        /// <summary>All elements 0, in place.</summary>
        public Tensor zero_() => Same(Native.wb_zero_(handle));

        /// <summary>All elements <paramref name="value"/>, in place.</summary>
        public Tensor fill_(Scalar value) => Same(Native.wb_fill_(handle, value.value));
    }
}
