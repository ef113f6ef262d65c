using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>Operations on each element alone. Native/src/pointwise.cpp holds the other side.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_clamp(TensorHandle self, ScalarValue* min, ScalarValue* max, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_clamp_(TensorHandle self, ScalarValue* min, ScalarValue* max);

    [LibraryImport(Library.Name)]
    public static partial Status wb_abs(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_neg(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_exp(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_expm1(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_log(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_log2(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_log10(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_log1p(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sqrt(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_rsqrt(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_square(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_reciprocal(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sin(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_cos(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_tanh(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_erf(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sigmoid(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_log_sigmoid(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_relu(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_silu(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_floor(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_ceil(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_round(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_trunc(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sign(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_isnan(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_isinf(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_isfinite(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_logical_not(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_bitwise_not(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_gelu(TensorHandle self, [MarshalAs(UnmanagedType.U1)] bool tanh, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_add(TensorHandle self, TensorHandle other, in ScalarValue alpha, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_add_scalar(TensorHandle self, in ScalarValue other, in ScalarValue alpha, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_add_(TensorHandle self, TensorHandle other, in ScalarValue alpha);

    [LibraryImport(Library.Name)]
    public static partial Status wb_add_scalar_(TensorHandle self, in ScalarValue other, in ScalarValue alpha);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sub(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sub_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sub_(TensorHandle self, TensorHandle other);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sub_scalar_(TensorHandle self, in ScalarValue other);

    [LibraryImport(Library.Name)]
    public static partial Status wb_mul(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_mul_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_mul_(TensorHandle self, TensorHandle other);

    [LibraryImport(Library.Name)]
    public static partial Status wb_mul_scalar_(TensorHandle self, in ScalarValue other);

    [LibraryImport(Library.Name)]
    public static partial Status wb_div(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_div_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_div_(TensorHandle self, TensorHandle other);

    [LibraryImport(Library.Name)]
    public static partial Status wb_div_scalar_(TensorHandle self, in ScalarValue other);

    [LibraryImport(Library.Name)]
    public static partial Status wb_pow(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_pow_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_remainder(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_remainder_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_maximum(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_minimum(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_eq(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_eq_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_ne(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_ne_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_lt(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_lt_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_le(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_le_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_gt(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_gt_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_ge(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_ge_scalar(TensorHandle self, in ScalarValue other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_logical_and(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_logical_or(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_bitwise_and(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_bitwise_or(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_bitwise_xor(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_pow_of_scalar(in ScalarValue @base, TensorHandle exponent, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_addcmul_(TensorHandle self, TensorHandle one, TensorHandle two, in ScalarValue value);

    [LibraryImport(Library.Name)]
    public static partial Status wb_addcmul(
        TensorHandle self, TensorHandle one, TensorHandle two, in ScalarValue value, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_addcdiv_(TensorHandle self, TensorHandle one, TensorHandle two, in ScalarValue value);

    [LibraryImport(Library.Name)]
    public static partial Status wb_addcdiv(
        TensorHandle self, TensorHandle one, TensorHandle two, in ScalarValue value, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_zero_(TensorHandle self);

    [LibraryImport(Library.Name)]
    public static partial Status wb_fill_(TensorHandle self, in ScalarValue value);

    [LibraryImport(Library.Name)]
    public static partial Status wb_where(TensorHandle condition, TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_masked_fill(TensorHandle self, TensorHandle mask, in ScalarValue value, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_masked_fill_(TensorHandle self, TensorHandle mask, in ScalarValue value);

    [LibraryImport(Library.Name)]
    public static partial Status wb_equal(TensorHandle self, TensorHandle other, [MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_allclose(
        TensorHandle self, TensorHandle other, double rtol, double atol, [MarshalAs(UnmanagedType.U1)] bool equalNan,
        [MarshalAs(UnmanagedType.U1)] out bool result);
}
