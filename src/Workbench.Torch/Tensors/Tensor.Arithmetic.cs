using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly ScalarValue One = ScalarValue.Of(1L);

        /// <summary>self + target, broadcast.</summary>
        public Tensor add(Tensor target) => Take(Native.wb_add(handle, target.handle, One, out var result), result);

        /// <summary>self + alpha * target.</summary>
        public Tensor add(Tensor target, Scalar alpha) =>
            Take(Native.wb_add(handle, target.handle, alpha.value, out var result), result);

        public Tensor add(Scalar scalar) => Take(Native.wb_add_scalar(handle, scalar.value, One, out var result), result);

        public Tensor add(Scalar scalar, Scalar alpha) =>
            Take(Native.wb_add_scalar(handle, scalar.value, alpha.value, out var result), result);

        public Tensor add_(Tensor target) => Same(Native.wb_add_(handle, target.handle, One));

        public Tensor add_(Tensor target, Scalar alpha) => Same(Native.wb_add_(handle, target.handle, alpha.value));

        public Tensor add_(Scalar scalar) => Same(Native.wb_add_scalar_(handle, scalar.value, One));

        public Tensor add_(Scalar scalar, Scalar alpha) => Same(Native.wb_add_scalar_(handle, scalar.value, alpha.value));

        /// <summary>self - target, broadcast.</summary>
        public Tensor sub(Tensor target) => Take(Native.wb_sub(handle, target.handle, out var result), result);

        public Tensor sub(Scalar target) => Take(Native.wb_sub_scalar(handle, target.value, out var result), result);

        public Tensor sub_(Tensor target) => Same(Native.wb_sub_(handle, target.handle));

        public Tensor sub_(Scalar target) => Same(Native.wb_sub_scalar_(handle, target.value));

        /// <summary>self * target, element by element, broadcast.</summary>
        public Tensor mul(Tensor target) => Take(Native.wb_mul(handle, target.handle, out var result), result);

        public Tensor mul(Scalar target) => Take(Native.wb_mul_scalar(handle, target.value, out var result), result);

        public Tensor mul_(Tensor target) => Same(Native.wb_mul_(handle, target.handle));

        public Tensor mul_(Scalar target) => Same(Native.wb_mul_scalar_(handle, target.value));

        /// <summary>self / target, element by element, broadcast.</summary>
        public Tensor div(Tensor target) => Take(Native.wb_div(handle, target.handle, out var result), result);

        public Tensor div(Scalar target) => Take(Native.wb_div_scalar(handle, target.value, out var result), result);

        public Tensor div_(Tensor target) => Same(Native.wb_div_(handle, target.handle));

        public Tensor div_(Scalar target) => Same(Native.wb_div_scalar_(handle, target.value));

        /// <summary>self to the power of <paramref name="exponent"/>.</summary>
        public Tensor pow(Tensor exponent) => Take(Native.wb_pow(handle, exponent.handle, out var result), result);

        public Tensor pow(Scalar exponent) => Take(Native.wb_pow_scalar(handle, exponent.value, out var result), result);

        /// <summary>The remainder of the division, with the divisor's sign, as Python's %.</summary>
        public Tensor remainder(Tensor other) => Take(Native.wb_remainder(handle, other.handle, out var result), result);

        public Tensor remainder(Scalar scalar) => Take(Native.wb_remainder_scalar(handle, scalar.value, out var result), result);

        /// <summary>The larger of each pair of elements.</summary>
        public Tensor maximum(Tensor other) => Take(Native.wb_maximum(handle, other.handle, out var result), result);

        /// <summary>The smaller of each pair of elements.</summary>
        public Tensor minimum(Tensor other) => Take(Native.wb_minimum(handle, other.handle, out var result), result);

        /// <summary>self + value * tensor1 * tensor2.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Take(Native.wb_addcmul(handle, tensor1.handle, tensor2.handle, value.value, out var result), result);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Same(Native.wb_addcmul_(handle, tensor1.handle, tensor2.handle, value.value));

        /// <summary>self + value * tensor1 / tensor2.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Take(Native.wb_addcdiv(handle, tensor1.handle, tensor2.handle, value.value, out var result), result);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Same(Native.wb_addcdiv_(handle, tensor1.handle, tensor2.handle, value.value));

        /// <summary>Each element held within [min, max]; either may be left out.</summary>
        public unsafe Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            var (low, high) = (min?.value ?? default, max?.value ?? default);
            return Take(Native.wb_clamp(handle, min is null ? null : &low, max is null ? null : &high, out var result), result);
        }

        public unsafe Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            var (low, high) = (min?.value ?? default, max?.value ?? default);
            return Same(Native.wb_clamp_(handle, min is null ? null : &low, max is null ? null : &high));
        }

        public Tensor clamp_min(Scalar min) => clamp(min: min);

        public Tensor clamp_max(Scalar max) => clamp(max: max);

        /// <summary>self where <paramref name="condition"/> is true, <paramref name="y"/> elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) =>
            Take(Native.wb_where(condition.handle, handle, y.handle, out var result), result);

        /// <summary><paramref name="value"/> where <paramref name="mask"/> is true, self elsewhere.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value) =>
            Take(Native.wb_masked_fill(handle, mask.handle, value.value, out var result), result);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Same(Native.wb_masked_fill_(handle, mask.handle, value.value));
    }
}
